import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT } from '../support/program.ts'

const SRC = path.join(ROOT, 'src')

/** The layers, top to bottom: a part imports only parts of lower layers, type imports included. */
const LAYERS = [
  ['main.ts'],
  ['cli'],
  ['app'],
  ['http'],
  ['mcp'],
  ['tools'],
  ['use-cases'],
  ['upstream-calls'],
  ['upstreams', 'cache', 'vision', 'keys', 'history', 'costs', 'exports'],
  ['limits/gate', 'pictures', 'catalogue'],
  ['limits/ledger', 'sheets', 'shape', 'net'],
  ['load-config.ts'],
  ['config.ts'],
  ['store'],
  ['offers'],
  ['time', 'nearest-name.ts'],
  ['errors.ts', 'log.ts', 'version.ts', 'option-values.ts', 'webassembly.d.ts'],
  ['placeholders.ts'],
  ['view'],
]

/** The layers inside a part: its folders, top to bottom; `.` stands for the files next to them. */
const INNER_LAYERS: Record<string, string[][]> = {
  view: [['.'], ['grid', 'picker'], ['parts'], ['replies'], ['bridge']],
  shape: [['.', 'search', 'details', 'compare', 'cost', 'inquiry', 'supplier'], ['sheet'], ['report'], ['text']],
}

/** Importers that must not import these targets, whatever their layers. */
const NARROWER: [rule: string, importers: RegExp, targets: RegExp][] = [
  ['shape imports only offers', /^shape\//, /^(?!shape\/|offers\/).*\.ts$/],
  ['costs imports only offers', /^costs\/(?!rates\/)/, /^(?!costs\/|offers\/).*\.ts$/],
  ['offers imports only errors', /^offers\//, /^(?!offers\/|errors\.ts).*\.ts$/],
  ['view imports no other part', /^view\//, /^(?!view\/).*\.ts$/],
  ['only app and cli import config', /^(?!app\/|cli\/|load-config)/, /^(load-)?config\.ts$/],
  ['cache knows nothing of limits', /^cache\//, /^limits\//],
  [
    'upstreams import only call reports, retries and allowances from limits',
    /^upstreams\//,
    /^limits\/(?!gate\/(call-report|retry|retry-after)\.ts|ledger\/allowance\.ts)/,
  ],
  ['no other part imports view', /^(?!view\/)/, /^view\//],
  ['only pictures/decoder imports sharp', /^(?!pictures\/decoder\/)/, /^sharp$/],
  ['only mcp and http/mcp import the MCP SDK', /^(?!(http\/)?mcp\/)/, /^@modelcontextprotocol\//],
]

/** Packages that would slow down the start. */
const HEAVY =
  /^(undici|sharp|p-throttle|@photostructure\/sqlite|csv-parse|yauzl|saxes|write-excel-file|jose|prom-client|pg|string-width|htmlparser2|heic-decode|libheif-js)(\/|$)/

/** Every file in src, as paths with slashes. */
const FILES = readdirSync(SRC, { recursive: true, withFileTypes: true })
  .filter(entry => entry.isFile())
  .map(entry => path.relative(SRC, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
  .sort()
const CODE = FILES.filter(file => file.endsWith('.ts'))
const read = (file: string) => readFileSync(path.join(SRC, file), 'utf8')

const ANY_IMPORT = /(?:^|\n)\s*(?:import|export)[^'"]*?from\s+'([^']+)'|import\('([^']+)'\)/g
/** Imports that are loaded together with the file. */
const STATIC_IMPORT = /(?:^|\n)\s*(?:import|export)(?!\s+type)[^'"]*?from\s+'([^']+)'/g

/** @returns packages by name, and files as in FILES. */
function importsOf(file: string, pattern = ANY_IMPORT): string[] {
  return [...read(file).matchAll(pattern)]
    .map(match => match[1] ?? match[2] ?? '')
    .map(target => (target.startsWith('.') ? path.posix.join(path.posix.dirname(file), target) : target))
}

const PARTS = LAYERS.flat()
const partOf = (file: string) => PARTS.find(part => file === part || file.startsWith(`${part}/`))
const folderIn = (part: string, file: string) => /^([^/]+)\//.exec(file.slice(part.length + 1))?.[1] ?? '.'

/** The imports within `files` that do not go down to a lower layer. */
function breachesOf(files: string[], layers: string[][], placeOf: (file: string) => string | undefined): string[] {
  const layerOf = (file: string) => layers.findIndex(places => places.includes(placeOf(file) ?? ''))
  return files.flatMap(file =>
    importsOf(file)
      .filter(target => files.includes(target) && placeOf(target) !== placeOf(file) && layerOf(target) <= layerOf(file))
      .map(target => `${file} imports ${target}`),
  )
}

describe('the layers', () => {
  it('include every part', () => {
    expect(CODE.filter(file => partOf(file) === undefined)).toEqual([])
  })

  it('only import lower ones', () => {
    expect(breachesOf(CODE, LAYERS, partOf)).toEqual([])
  })

  it.each(Object.entries(INNER_LAYERS))('only import lower ones inside %s', (part, layers) => {
    const files = CODE.filter(file => partOf(file) === part)
    expect(files.filter(file => !layers.flat().includes(folderIn(part, file)))).toEqual([])
    expect(breachesOf(files, layers, file => folderIn(part, file))).toEqual([])
  })

  it.each(NARROWER)('%s', (_rule, importers, targets) => {
    const files = CODE.filter(file => importers.test(file) && importsOf(file).some(name => targets.test(name)))
    expect(files).toEqual([])
  })

  it('have at most 14 files per folder', () => {
    const folders = new Map<string, number>()
    for (const file of FILES) folders.set(path.posix.dirname(file), (folders.get(path.posix.dirname(file)) ?? 0) + 1)
    expect([...folders].filter(([, count]) => count > 14)).toEqual([])
  })

  it('only main reads argv and the environment and writes to stdout', () => {
    const breach = /process\.(env|argv|stdout)\b|'(node:)?process'|console\.(log|info|debug)/
    expect(CODE.filter(file => file !== 'main.ts' && breach.test(read(file)))).toEqual([])
  })

  it('no heavy package is imported at start', () => {
    // main imports program.ts dynamically, after it has checked the version of Node.js.
    const loaded = new Set(['main.ts', 'cli/program.ts'])
    for (const file of loaded) {
      if (CODE.includes(file)) for (const target of importsOf(file, STATIC_IMPORT)) loaded.add(target)
    }
    expect([...loaded].filter(name => HEAVY.test(name))).toEqual([])
  })
})
