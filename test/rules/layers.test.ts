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
  ['load-config.ts'],
  ['config.ts'],
  ['store'],
  ['offers'],
  ['time', 'nearest-name.ts'],
  ['errors.ts', 'log.ts', 'version.ts', 'option-values.ts', 'webassembly.d.ts'],
  ['view'],
]

/** The same inside a part: its folders, top to bottom; `.` stands for the files beside them. */
const INNER_FLOORS: Record<string, string[][]> = {
  view: [['.'], ['grid'], ['parts'], ['replies'], ['bridge']],
  shape: [['.', 'search', 'details', 'compare', 'report'], ['text']],
}

/** Files of the first kind import none of the second, wherever their floors are. */
const NARROWER: [rule: string, importers: RegExp, targets: RegExp][] = [
  ['shape imports offers alone', /^shape\//, /^(?!shape\/|offers\/).*\.ts$/],
  ['offers import errors alone', /^offers\//, /^(?!offers\/|errors\.ts).*\.ts$/],
  ['view imports no other part', /^view\//, /^(?!view\/).*\.ts$/],
  ['only app and cli import config', /^(?!app\/|cli\/|load-config)/, /^(load-)?config\.ts$/],
  ['cache knows nothing of limits', /^cache\//, /^limits\//],
  [
    'an upstream sees of limits what calls report and may do',
    /^upstreams\//,
    /^limits\/(?!gate\/(call-report|retry|retry-after)\.ts|ledger\/allowance\.ts)/,
  ],
  ['no other part imports view', /^(?!view\/)/, /^view\//],
  ['only pictures/decoder imports sharp', /^(?!pictures\/decoder\/)/, /^sharp$/],
  ['only mcp and http/mcp import the MCP SDK', /^(?!(http\/)?mcp\/)/, /^@modelcontextprotocol\//],
]

/** Packages that would be felt at the start. */
const HEAVY =
  /^(undici|sharp|p-throttle|@photostructure\/sqlite|csv-parse|read-excel-file|write-excel-file|jose|prom-client|pg|string-width)(\/|$)/

/** Every file below src, as paths with slashes. */
const FILES = readdirSync(SRC, { recursive: true, withFileTypes: true })
  .filter(entry => entry.isFile())
  .map(entry => path.relative(SRC, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
  .sort()
const CODE = FILES.filter(file => file.endsWith('.ts'))
const read = (file: string) => readFileSync(path.join(SRC, file), 'utf8')

const ANY_IMPORT = /(?:^|\n)\s*(?:import|export)[^'"]*?from\s+'([^']+)'|import\('([^']+)'\)/g
/** Those that load the other file together with this one. */
const STATIC_IMPORT = /(?:^|\n)\s*(?:import|export)(?!\s+type)[^'"]*?from\s+'([^']+)'/g

/** What a file imports: packages by name, files as in FILES. */
function importsOf(file: string, pattern = ANY_IMPORT): string[] {
  return [...read(file).matchAll(pattern)]
    .map(match => match[1] ?? match[2] ?? '')
    .map(target => (target.startsWith('.') ? path.posix.join(path.posix.dirname(file), target) : target))
}

const PARTS = FLOORS.flat()
const partOf = (file: string) => PARTS.find(part => file === part || file.startsWith(`${part}/`))
const folderIn = (part: string, file: string) => /^([^/]+)\//.exec(file.slice(part.length + 1))?.[1] ?? '.'

/** Imports of `files` that do not go down from one of `floors` to a lower one. */
function breachesOf(files: string[], floors: string[][], placeOf: (file: string) => string | undefined): string[] {
  const floorOf = (file: string) => floors.findIndex(places => places.includes(placeOf(file) ?? ''))
  return files.flatMap(file =>
    importsOf(file)
      .filter(target => files.includes(target) && placeOf(target) !== placeOf(file) && floorOf(target) <= floorOf(file))
      .map(target => `${file} imports ${target}`),
  )
}

describe('the house', () => {
  it('has a floor for every part', () => {
    expect(CODE.filter(file => partOf(file) === undefined)).toEqual([])
  })

  it('imports run one way, down', () => {
    expect(breachesOf(CODE, FLOORS, partOf)).toEqual([])
  })

  it.each(Object.entries(INNER_FLOORS))('inside %s they do, too', (part, floors) => {
    const files = CODE.filter(file => partOf(file) === part)
    expect(files.filter(file => !floors.flat().includes(folderIn(part, file)))).toEqual([])
    expect(breachesOf(files, floors, file => folderIn(part, file))).toEqual([])
  })

  it.each(NARROWER)('%s', (_rule, importers, targets) => {
    const files = CODE.filter(file => importers.test(file) && importsOf(file).some(name => targets.test(name)))
    expect(files).toEqual([])
  })

  it('has no more than 14 files in a folder', () => {
    const folders = new Map<string, number>()
    for (const file of FILES) folders.set(path.posix.dirname(file), (folders.get(path.posix.dirname(file)) ?? 0) + 1)
    expect([...folders].filter(([, count]) => count > 14)).toEqual([])
  })

  it('only main reads argv and the environment, and only main writes to stdout', () => {
    const breach = /process\.(env|argv|stdout)\b|'(node:)?process'|console\.(log|info|debug)/
    expect(CODE.filter(file => file !== 'main.ts' && breach.test(read(file)))).toEqual([])
  })

  it('nothing heavy is imported before it is needed', () => {
    // main imports program.ts only once it knows that Node is not too old.
    const loaded = new Set(['main.ts', 'cli/program.ts'])
    for (const file of loaded) {
      if (CODE.includes(file)) for (const target of importsOf(file, STATIC_IMPORT)) loaded.add(target)
    }
    expect([...loaded].filter(name => HEAVY.test(name))).toEqual([])
  })
})
