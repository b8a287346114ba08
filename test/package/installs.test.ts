import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { unpackExtension } from '@anthropic-ai/mcpb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import packageJson from '../../package.json' with { type: 'json' }
import { packPlugin } from '../../scripts/pack-plugin.ts'
import { PLUGIN_FOLDER } from '../../scripts/plugin-files.ts'
import { makeTempDir, ROOT, type TempDir } from '../support/program.ts'

const run = promisify(execFile)
const MB = 1_000_000
const TSX = path.join(ROOT, 'node_modules/tsx/dist/cli.mjs')

/** Runs the demo with another installation, from a folder in which Node.js finds none of our packages. */
async function demo(program: string, cwd: string): Promise<string> {
  const script = path.join(ROOT, 'scripts/demo.ts')
  return (await run(process.execPath, [TSX, script, '--program', program], { cwd })).stdout
}

/** Slow, but only a real installation and a real bundle show that users get a working program. */
describe('what users install', { timeout: 120_000 }, () => {
  let dir: TempDir
  beforeAll(() => {
    dir = makeTempDir()
  })
  afterAll(() => dir.remove())

  it('the demo passes with the npm package, without development packages', async () => {
    const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', dir.path], {
      cwd: ROOT,
    })
    const [name = ''] = readdirSync(dir.path)
    const tarball = path.join(dir.path, name)
    expect(statSync(tarball).size).toBeLessThan(15 * MB)
    const files = [...stdout.matchAll(/"path": "([^"]+)"/g)].map(([, file]) => file)
    expect(files).toEqual(
      expect.arrayContaining([
        'LICENSE',
        'THIRD_PARTY_NOTICES.md',
        'dist/mcp-1688.js',
        'dist/decoder.js',
        'dist/nn.wasm',
        'dist/nn-relaxed.wasm',
        'dist/sbom.cdx.json',
      ]),
    )
    const expected = /^(dist|assets|docs)\/|^[A-Z_]+(\.zh-CN)?(\.md)?$|^package\.json$|^bench\/results\.md$/
    expect(files.filter(file => !expected.test(file ?? ''))).toEqual([])
    for (const page of ['README.md', 'README.zh-CN.md']) {
      const links = [...readFileSync(path.join(ROOT, page), 'utf8').matchAll(/\]\(([\w./-]+)(?:#[\w-]+)?\)/g)]
      expect(links.length, page).toBeGreaterThan(5)
      for (const [, link] of links) expect(files, page).toContain(link)
    }

    const home = path.join(dir.path, 'home')
    mkdirSync(home)
    writeFileSync(path.join(home, 'package.json'), '{ "private": true }')
    await run('npm', ['install', '--omit=dev', '--no-audit', '--no-fund', '--prefer-offline', tarball], { cwd: home })
    expect(existsSync(path.join(home, 'node_modules/vitest'))).toBe(false)
    const shown = await demo(path.join(home, 'node_modules/mcp-1688/dist/mcp-1688.js'), home)
    expect(shown).toContain('tools: search_by_image')
    expect(shown).toContain('The same reply as JSON')
    const named = await run(path.join(home, 'node_modules/.bin/mcp-1688'), ['--version'])
    expect(named.stdout.trim()).toBe(packageJson.version)
  })

  it('the demo passes with the unpacked .mcpb bundle', async () => {
    const file = path.join(dir.path, 'bundle.mcpb')
    // Not in this process, in which other tests have limited what libvips opens.
    await run(process.execPath, [TSX, path.join(ROOT, 'scripts/pack-mcpb.ts'), file])
    // Size limit of the extension directory.
    expect(statSync(file).size).toBeLessThan(25 * MB)
    const unpacked = path.join(dir.path, 'unpacked')
    expect(await unpackExtension({ mcpbPath: file, outputDir: unpacked, silent: true })).toBe(true)
    const { server } = JSON.parse(readFileSync(path.join(unpacked, 'manifest.json'), 'utf8'))
    expect(await demo(path.join(unpacked, server.entry_point), unpacked)).toContain('The same reply as JSON')
    // The bundle holds libvips: LGPL-3.0 asks for its text and that of the GPL, which it extends.
    const textOf = (name: string) => readFileSync(path.join(unpacked, 'assets/licences', name), 'utf8')
    expect(textOf('LGPL-3.0.txt')).toMatch(/^ *GNU LESSER GENERAL PUBLIC LICENSE\s+Version 3/)
    expect(textOf('GPL-3.0.txt')).toMatch(/^ *GNU GENERAL PUBLIC LICENSE\s+Version 3/)
  })

  it('the plugin folder starts by itself as each host starts it', async () => {
    const folder = path.join(dir.path, 'plugin')
    await packPlugin(folder)
    const plugin = path.join(folder, PLUGIN_FOLDER)
    const startsWithNode = z.object({ command: z.literal('node'), args: z.tuple([z.string()]) })
    const manifest = z.object({ mcpServers: z.object({ 'mcp-1688': startsWithNode }) })
    for (const file of ['.mcp.json', '.codex-plugin/mcp.json', 'gemini-extension.json']) {
      const { mcpServers } = manifest.parse(JSON.parse(readFileSync(path.join(plugin, file), 'utf8')))
      const program = mcpServers['mcp-1688'].args[0]
        .replace(/\$\{(CLAUDE_PLUGIN_ROOT|extensionPath)\}/, () => plugin)
        .replaceAll(/\$\{\/\}/g, () => path.sep)
      expect(path.resolve(plugin, program), file).toBe(path.join(plugin, 'dist/mcp-1688.js'))
    }
    expect(await demo(path.join(plugin, 'dist/mcp-1688.js'), folder)).toContain('The same reply as JSON')
    expect(existsSync(path.join(plugin, 'skills/sourcing-on-1688/SKILL.md'))).toBe(true)
  })

  it('no script runs on install', () => {
    expect(
      Object.keys(packageJson.scripts).filter(name => /^(pre|post)?(install|prepare|uninstall)$/.test(name)),
    ).toEqual([])
  })

  it('the licences of all bundled packages are included', () => {
    const licences = readFileSync(path.join(ROOT, 'dist/THIRD_PARTY_LICENSES.txt'), 'utf8')
    const sections = licences.split('-'.repeat(80)).slice(1)
    const named = sections.map(section => section.trim().split(' ')[0])
    expect(named).toEqual(
      expect.arrayContaining(['@modelcontextprotocol/server', 'zod', 'undici', 'p-throttle', 'ipaddr.js', 'csv-parse']),
    )
    const kinds = sections.map(section => /^\S+ \S+ \(([^)]+)\)/.exec(section.trim())?.[1])
    const notices = readFileSync(path.join(ROOT, 'THIRD_PARTY_NOTICES.md'), 'utf8')
    expect(notices).toContain(`| \`dist/\` | ${[...new Set(kinds)].sort().join(', ')} |`)
    for (const section of sections) expect(section).toMatch(/permi(t|ssion)|Apache License|without modification/i)
  })
})
