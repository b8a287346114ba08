/** Builds the .mcpb bundle for this platform: the npm package, its native packages, and a manifest. */
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { packExtension } from '@anthropic-ai/mcpb'
import packageJson from '../package.json' with { type: 'json' }
import lock from '../package-lock.json' with { type: 'json' }
import { mcpbManifest } from './descriptors.ts'

const ROOT = path.resolve(import.meta.dirname, '..')

/** Not needed at run time: sources, headers, types, and binaries for other platforms. */
const NOT_RUN = [
  /\.(map|d\.[cm]?ts|gypi?)$/,
  /node_modules\/node-addon-api\//,
  /@photostructure\/sqlite\/(src|scripts)(\/|$)/,
  /sharp\/(src|install)(\/|$)/,
  new RegExp(`/prebuilds/(?!${process.platform}-${process.arch}(/|$))[^/]`),
]

/**
 * Packs the built program with the binaries of this platform and processor.
 * @param file the bundle to write.
 * @throws if the manifest is invalid.
 */
export async function packMcpb(file: string): Promise<void> {
  const stage = await mkdtemp(path.join(tmpdir(), 'mcp-1688-mcpb-'))
  try {
    for (const name of ['package.json', 'LICENSE', ...packageJson.files]) await copy(name, stage)
    for (const folder of nativePackages()) await copy(folder, stage)
    await writeFile(path.join(stage, 'manifest.json'), JSON.stringify(mcpbManifest(process.platform), null, 2))
    await mkdir(path.dirname(file), { recursive: true })
    const isPacked = await packExtension({ extensionPath: stage, outputPath: file, silent: true })
    if (!isPacked) throw new Error('cannot pack the bundle; run npx mcpb validate on its manifest to see why')
  } finally {
    await rm(stage, { recursive: true, force: true })
  }
}

async function copy(name: string, stage: string): Promise<void> {
  const filter = (source: string) => !NOT_RUN.some(pattern => pattern.test(source.replaceAll(path.sep, '/')))
  await cp(path.join(ROOT, name), path.join(stage, name), { recursive: true, filter }).catch((error: unknown) => {
    // npm does not install packages for other platforms.
    if (!name.startsWith('node_modules/@img/')) throw error
  })
}

/** The folders that npm installs without development packages. */
function nativePackages(): string[] {
  return Object.entries(lock.packages).flatMap(([folder, entry]) =>
    folder === '' || 'dev' in entry || 'devOptional' in entry || ('optional' in entry && !folder.includes('@img/'))
      ? []
      : [folder],
  )
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const file = path.join(ROOT, `${packageJson.name}-${packageJson.version}-${process.platform}-${process.arch}.mcpb`)
  await packMcpb(file)
  console.log(file)
}
