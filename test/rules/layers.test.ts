import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT } from '../support/program.ts'

const SRC = path.join(ROOT, 'src')

/** The floors of the house, top to bottom: a part imports parts on lower floors only, type imports counted. */
const FLOORS = [
  ['main.ts'],
  ['cli'],
  ['app'],
  ['http'],
  ['mcp'],
  ['tools'],
  ['use-cases'],
  ['upstream-calls'],
  ['upstreams', 'cache', 'vision', 'keys'],
  ['limits/gate', 'pictures', 'catalogue'],
  ['limits/ledger', 'sheets', 'shape', 'net'],
  ['config.ts'],
  ['store'],
  ['offers'],
  ['time', 'nearest-name.ts'],
  ['errors.ts', 'log.ts', 'version.ts', 'option-values.ts', 'webassembly.d.ts'],
  ['view'],
]

/** Parts that know nothing but what is named here. */
const PURE: Record<string, string[]> = { shape: ['offers'], offers: ['errors.ts'], view: [] }

/** Every file below src, as paths with slashes. */
const FILES = readdirSync(SRC, { recursive: true, withFileTypes: true })
  .filter(entry => entry.isFile())
  .map(entry => path.relative(SRC, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
  .sort()
const CODE = FILES.filter(file => file.endsWith('.ts'))
const read = (file: string) => readFileSync(path.join(SRC, file), 'utf8')

/** What a file imports: static and dynamic, not type-only ones unless asked for. */
function importsOf(file: string, withTypes: boolean): string[] {
  const pattern = /(?:^|\n)\s*(?:import|export)(\s+type)?[^'"]*?from\s+'([^']+)'|import\('([^']+)'\)/g
  return [...read(file).matchAll(pattern)]
    .filter(match => withTypes || !match[1])
    .map(match => match[2] ?? match[3] ?? '')
    .map(target => (target.startsWith('.') ? path.posix.join(path.posix.dirname(file), target) : target))
}

const partOf = (file: string) =>
  file
    .split('/')
    .slice(0, file.startsWith('limits/') ? 2 : 1)
    .join('/')
const floorOf = (file: string) => FLOORS.findIndex(parts => parts.includes(partOf(file)))

describe('the house', () => {
  it('has a floor for every part', () => {
    expect(CODE.filter(file => floorOf(file) < 0)).toEqual([])
  })

  it('imports run one way, down', () => {
    const breaches = CODE.flatMap(file =>
      importsOf(file, true)
        .filter(target => CODE.includes(target) && partOf(target) !== partOf(file))
        .filter(target => floorOf(target) <= floorOf(file) || PURE[partOf(file)]?.includes(partOf(target)) === false)
        .map(target => `${file} imports ${target}`),
    )
    expect(breaches).toEqual([])
  })

  it('has no more than 14 files in a folder', () => {
    const folders = new Map<string, number>()
    for (const file of FILES) folders.set(path.posix.dirname(file), (folders.get(path.posix.dirname(file)) ?? 0) + 1)
    expect([...folders].filter(([, count]) => count > 14)).toEqual([])
  })

  it('only src/mcp and src/http/mcp import the MCP SDK', () => {
    const importers = CODE.filter(file => importsOf(file, true).some(name => name.startsWith('@modelcontextprotocol/')))
    expect(importers.filter(file => !/^(http\/)?mcp\//.test(file))).toEqual([])
  })

  it('only pictures/decoder imports sharp', () => {
    const importers = CODE.filter(file => importsOf(file, true).includes('sharp'))
    expect(importers.filter(file => !file.startsWith('pictures/decoder/'))).toEqual([])
  })

  it('only main reads argv and the environment, and nobody writes to stdout by himself', () => {
    const readers = CODE.filter(
      file => file !== 'main.ts' && /process\.(env|argv)\b|'(node:)?process'/.test(read(file)),
    )
    expect(readers).toEqual([])
    const writers = CODE.filter(
      file => file !== 'main.ts' && /process\.stdout|console\.(log|info|debug)/.test(read(file)),
    )
    expect(writers).toEqual([])
  })

  it('nothing heavy is imported before it is needed', () => {
    const heavy = [
      'undici',
      'sharp',
      'p-throttle',
      '@photostructure/sqlite',
      'csv-parse',
      'read-excel-file',
      'write-excel-file',
      'jose',
      'prom-client',
      'pg',
      'string-width',
    ]
    const breaches: string[] = []
    const seen = new Set<string>()
    const walk = (file: string) => {
      if (seen.has(file)) return
      seen.add(file)
      for (const match of read(file).matchAll(/(?:^|\n)\s*(?:import|export)(?!\s+type)[^'"]*?from\s+'([^']+)'/g)) {
        const target = match[1] ?? ''
        if (heavy.some(name => target === name || target.startsWith(`${name}/`))) breaches.push(`${file}: ${target}`)
        if (target.startsWith('.') && target.endsWith('.ts')) walk(path.posix.join(path.posix.dirname(file), target))
      }
    }
    walk('main.ts')
    // main imports it only once it knows that Node is not too old.
    walk('cli/program.ts')
    expect(breaches).toEqual([])
  })
})
