import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT } from '../support/program.ts'

const SRC = path.join(ROOT, 'src')

/** Every TypeScript file below a folder, as paths relative to src. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && entry.name.endsWith('.ts'))
    .map(entry => path.relative(SRC, path.join(entry.parentPath, entry.name)))
    .sort()
}

const FILES = filesBelow(SRC)
const read = (file: string) => readFileSync(path.join(SRC, file), 'utf8')

/** What a file imports: static and dynamic, not type-only ones unless asked for. */
function importsOf(file: string, withTypes: boolean): string[] {
  const code = read(file)
  const pattern = /(?:^|\n)\s*(?:import|export)(\s+type)?[^'"]*?from\s+'([^']+)'|import\('([^']+)'\)/g
  return [...code.matchAll(pattern)].filter(match => withTypes || !match[1]).map(match => match[2] ?? match[3] ?? '')
}

/** Folders (or files) that each folder may import; the order of the house, top to bottom. */
const MAY_IMPORT: Record<string, string[]> = {
  'main.ts': ['cli'],
  cli: [
    'app.ts',
    'config.ts',
    'data-dir.ts',
    'errors.ts',
    'log.ts',
    'nearest-name.ts',
    'version.ts',
    'mcp',
    'http',
    'tools',
    'sourcing',
    'catalogue',
    'offers',
    'shape',
    'keys',
  ],
  'app.ts': ['compose.ts', 'stores.ts', 'sourcing'],
  'compose.ts': [
    'config.ts',
    'log.ts',
    'stores.ts',
    'upstreams.ts',
    'sourcing',
    'vision',
    'catalogue',
    'limits',
    'cache',
    'offers',
  ],
  'stores.ts': ['config.ts', 'errors.ts', 'log.ts', 'catalogue', 'limits', 'cache', 'store', 'offers'],
  'upstreams.ts': ['config.ts', 'log.ts', 'sourcing', 'upstream', 'limits', 'cache'],
  http: [
    'unless-aborted.ts',
    'errors.ts',
    'log.ts',
    'version.ts',
    'mcp',
    'tools',
    'sourcing',
    'limits',
    'keys',
    'shape',
    'offers',
  ],
  mcp: ['errors.ts', 'log.ts', 'shape', 'tools', 'sourcing', 'version.ts', 'offers'],
  tools: ['time-limit.ts', 'errors.ts', 'log.ts', 'nearest-name.ts', 'sourcing', 'shape', 'offers'],
  sourcing: [
    'time-limit.ts',
    'unless-aborted.ts',
    'errors.ts',
    'log.ts',
    'upstream',
    'vision',
    'catalogue',
    'limits',
    'cache',
    'offers',
  ],
  upstream: ['unless-aborted.ts', 'errors.ts', 'undici.ts', 'limits', 'store', 'offers'],
  vision: ['time-limit.ts', 'errors.ts', 'log.ts', 'undici.ts', 'offers'],
  catalogue: ['errors.ts', 'log.ts', 'store', 'offers'],
  keys: ['data-dir.ts', 'errors.ts', 'limits', 'store'],
  limits: ['data-dir.ts', 'errors.ts', 'log.ts', 'store'],
  cache: ['unless-aborted.ts', 'errors.ts', 'log.ts', 'store', 'limits'],
  store: ['data-dir.ts', 'errors.ts'],
  shape: ['offers'],
  view: [],
  offers: ['errors.ts'],
  'config.ts': ['data-dir.ts', 'errors.ts', 'nearest-name.ts'],
  'data-dir.ts': [],
  'errors.ts': [],
  'log.ts': [],
  'nearest-name.ts': [],
  'time-limit.ts': [],
  'undici.ts': [],
  'unless-aborted.ts': ['errors.ts'],
  'version.ts': [],
  'webassembly.d.ts': [],
}

const layerOf = (file: string) => file.split(path.sep)[0] ?? ''

describe('the house', () => {
  it('imports run one way', () => {
    const breaches = FILES.flatMap(file => {
      const layer = layerOf(file)
      const allowed = MAY_IMPORT[layer]
      if (!allowed) return [`${file}: ${layer} is no layer of the house`]
      return importsOf(file, true)
        .filter(target => target.startsWith('.') && !target.endsWith('package.json'))
        .map(target => layerOf(path.relative(SRC, path.resolve(SRC, path.dirname(file), target))))
        .filter(target => target !== layer && !allowed.includes(target))
        .map(target => `${file} imports ${target}`)
    })
    expect(breaches).toEqual([])
  })

  it('only src/mcp and the HTTP route import the MCP SDK', () => {
    const importers = FILES.filter(file =>
      importsOf(file, true).some(target => target.startsWith('@modelcontextprotocol/')),
    )
    expect(importers.filter(file => layerOf(file) !== 'mcp' && file !== path.join('http', 'mcp-route.ts'))).toEqual([])
  })

  it('only main reads argv and the environment, and nobody writes to stdout by himself', () => {
    const readers = FILES.filter(
      file => file !== 'main.ts' && /process\.(env|argv)\b|'(node:)?process'/.test(read(file)),
    )
    expect(readers).toEqual([])
    const writers = FILES.filter(
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
      const code = read(file)
      for (const match of code.matchAll(/(?:^|\n)\s*(?:import|export)(?!\s+type)[^'"]*?from\s+'([^']+)'/g)) {
        const target = match[1] ?? ''
        if (heavy.some(name => target === name || target.startsWith(`${name}/`))) breaches.push(`${file}: ${target}`)
        if (target.startsWith('.') && target.endsWith('.ts')) {
          walk(path.relative(SRC, path.resolve(SRC, path.dirname(file), target)))
        }
      }
    }
    walk('main.ts')
    expect(breaches).toEqual([])
  })
})
