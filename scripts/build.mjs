// Builds dist/: the program and the decoder as minified bundles, the pages, and the WebAssembly kernels.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { build } from 'rolldown'
import { tsImport } from 'tsx/esm/api'
import { buildPages } from './build-pages.mjs'
import { writeLicences } from './licences.mjs'
import { writeSbom } from './sbom.mjs'

const root = path.resolve(import.meta.dirname, '..')
const { dependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))

/** Replacements that matched a module; the build fails if one of them no longer matches. */
const met = new Set()
const replacing = (name, filter, contentsOf) => ({
  name,
  load: {
    filter: { id: filter },
    async handler(file) {
      met.add(name)
      return { code: await contentsOf(file), moduleType: 'js' }
    },
  },
})

const plugins = [
  // The SDK brings Ajv (150 kB) to validate forms. We have no forms, and leaving it out saves 15 ms of processor time at
  // start.
  replacing('without-forms', /@modelcontextprotocol\/server\/dist\/ajvProvider-\w+\.mjs$/, () => {
    return `export class n { getValidator() { throw new Error('this build does not support forms: see scripts/build.mjs') } }`
  }),
  // Making the tools' JSON schemas at build time saves 7 ms of processor time at every start.
  replacing('ready-schemas', /src\/mcp\/listed-schemas\.ts$/, async file => {
    const { listedSchemas } = await tsImport(file, import.meta.url)
    return `const made = ${JSON.stringify(listedSchemas())}; export const listedSchemas = () => made`
  }),
  // Loading the tools themselves, with all that makes replies, takes a third of a start.
  replacing('ready-list', /src\/tools\/listed\.ts$/, async file => {
    const { LISTED_TOOLS } = await tsImport(file, import.meta.url)
    return `let loaded
      const load = async wanted => (await (loaded ??= import('./list.ts'))).TOOLS.find(({ name }) => name === wanted)
      export const LISTED_TOOLS = ${JSON.stringify(LISTED_TOOLS)}.map(tool => ({ ...tool, load: () => load(tool.name) }))`
  }),
]

/**
 * Each part is one file with all that it imports, because every file that a start loads takes it a millisecond; the
 * first part has all that several of them share. What is loaded only now and then is split by who loads it.
 */
const PARTS = {
  // What runs on versions of Node that are too old for the rest.
  version: /\/src\/version\./,
  program:
    /\/src\/(cli\/program|time\/|tools\/(define|run)\.|shape\/(catalogue\.|inquiry\/draft)|pictures\/upload\/with-picker)|\/zod\//,
  mcp: /\/src\/mcp\/stdio\./,
  tools: /\/src\/tools\/list\./,
  services: /\/src\/app\/build-services\./,
}

const groups = Object.entries(PARTS)
  .reverse()
  .map(([name, test], index) => ({ name, test, priority: index + 1 }))

async function bundle(input, groups) {
  const { output } = await build({
    cwd: root,
    input,
    platform: 'node',
    external: [...Object.keys(dependencies), 'onnxruntime-node', 'onnxruntime-web'].map(
      name => new RegExp(`^${name}(/|$)`),
    ),
    // Its CommonJS form requires its parts by names that a bundler cannot resolve.
    resolve: { alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' } },
    transform: { target: 'node20' },
    plugins,
    output: {
      dir: 'dist',
      format: 'esm',
      minify: true,
      comments: { legal: true, annotation: false, jsdoc: false },
      entryFileNames: '[name].js',
      chunkFileNames: 'chunks/[name]-[hash].js',
      codeSplitting: { groups },
    },
  })
  return output.filter(({ type }) => type === 'chunk')
}

const program = await bundle({ 'mcp-1688': 'src/main.ts' }, groups)
// Apart, because a process that only decodes pictures loads nothing of the rest.
const decoder = await bundle({ decoder: 'src/vision/worker/entry.ts' }, [])
const chunks = [...program, ...decoder]

for (const { name } of plugins) if (!met.has(name)) throw new Error(`${name} no longer matches any module`)

// Chunks of earlier builds have other hashes in their names and would accumulate.
const written = new Set(chunks.map(({ fileName }) => path.basename(fileName)))
for (const name of readdirSync(path.join(root, 'dist/chunks'))) {
  if (!written.has(name)) rmSync(path.join(root, 'dist/chunks', name))
}

const bundled = chunks.flatMap(({ moduleIds }) => moduleIds)
const pageInputs = await buildPages(root)
const inputs = [...bundled.map(file => path.relative(root, file)), ...pageInputs]
writeLicences(root, inputs)
writeSbom(root, inputs)

const asc = createRequire(import.meta.url).resolve('assemblyscript/bin/asc.js')
const kernels = { nn: 'nn', 'nn-relaxed': 'nn', scan: 'scan' }
for (const [target, name] of Object.entries(kernels)) {
  const source = `assembly/${name}.ts`
  // Compiling is the slowest step, and the kernels hardly ever change.
  const parts = name === 'nn' ? readdirSync(path.join(root, 'assembly/nn')).map(part => `assembly/nn/${part}`) : []
  if (isNewer(`dist/${target}.wasm`, [source, ...parts, 'asconfig.json', asc])) continue
  execFileSync(process.execPath, [asc, source, '--config', 'asconfig.json', '--target', target], {
    cwd: root,
    stdio: 'inherit',
  })
}

function isNewer(output, sources) {
  const madeAt = file => statSync(path.resolve(root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0
  return sources.every(source => madeAt(output) > madeAt(source))
}
