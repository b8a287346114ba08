/** Builds the .mcpb bundle for this platform: the program, a manifest and an icon. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { packExtension } from '@anthropic-ai/mcpb'
import sharp from 'sharp'
import { mcpbManifest } from './descriptors.ts'
import { PACKED_NAME, stageProgram } from './stage-program.ts'

const ROOT = path.resolve(import.meta.dirname, '..')

/** What Claude Desktop recommends. */
const ICON_PIXELS = 512

/**
 * Packs the built program with the binaries of this platform and processor.
 * @param file the bundle to write.
 * @throws if the manifest is invalid.
 */
export async function packMcpb(file: string): Promise<void> {
  const stage = await mkdtemp(path.join(tmpdir(), 'mcp-1688-mcpb-'))
  try {
    await stageProgram(stage, ['THIRD_PARTY_NOTICES.md', 'CHANGELOG.md', 'docs/privacy.md'])
    await writeFile(path.join(stage, 'manifest.json'), JSON.stringify(mcpbManifest(process.platform), null, 2))
    await sharp(path.join(ROOT, 'assets/icon.svg')).resize(ICON_PIXELS).png().toFile(path.join(stage, 'icon.png'))
    await mkdir(path.dirname(file), { recursive: true })
    const isPacked = await packExtension({ extensionPath: stage, outputPath: file, silent: true })
    if (!isPacked) throw new Error('cannot pack the bundle; run npx mcpb validate on its manifest to see why')
  } finally {
    await rm(stage, { recursive: true, force: true })
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const file = process.argv[2] ?? path.join(ROOT, `${PACKED_NAME}.mcpb`)
  await packMcpb(file)
  console.log(file)
}
