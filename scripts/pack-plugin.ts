/** Builds the plugin folder for this platform: manifests for each host, the skill, and the program, which needs no installation. */
import { cp, mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { PLUGIN_FILES, PLUGIN_FOLDER } from './plugin-files.ts'
import { PACKED_NAME, stageProgram } from './stage-program.ts'

const ROOT = path.resolve(import.meta.dirname, '..')

/** @param folder is replaced. */
export async function packPlugin(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  const plugin = path.join(folder, PLUGIN_FOLDER)
  await stageProgram(plugin, ['THIRD_PARTY_NOTICES.md', 'CHANGELOG.md', 'docs/privacy.md'])
  await cp(path.join(ROOT, 'plugin/skills'), path.join(plugin, 'skills'), { recursive: true })
  // People read it in the folder, Claude Code's directory in the plugin.
  for (const place of [folder, plugin]) await cp(path.join(ROOT, 'plugin/README.md'), path.join(place, 'README.md'))
  for (const [name, text] of Object.entries(PLUGIN_FILES)) {
    const file = path.join(folder, name)
    await mkdir(path.dirname(file), { recursive: true })
    await writeFile(file, text)
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const folder = path.join(ROOT, `${PACKED_NAME}-plugin`)
  await packPlugin(folder)
  console.log(folder)
}
