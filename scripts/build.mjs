// Builds dist/: the program and the decoder as minified bundles, the pages, and the WebAssembly kernels.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { build } from 'esbuild'
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
  setup({ onLoad }) {
    onLoad({ filter }, async ({ path: file }) => {
      met.add(name)
      return { contents: await contentsOf(file) }
    })
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
]

const { metafile } = await build({
  metafile: true,
  absWorkingDir: root,
  entryPoints: { 'mcp-1688': 'src/main.ts', decoder: 'src/vision/worker/entry.ts' },
  outdir: 'dist',
  bundle: true,
  // Dynamic imports become separate chunks, which the start does not parse.
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node20',
  minify: true,
  legalComments: 'linked',
  external: [...Object.keys(dependencies), 'onnxruntime-node', 'onnxruntime-web'],
  // Its CommonJS form requires its parts by names that a bundler cannot resolve.
  alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
  plugins,
  banner: {
    js:
      // Some bundled packages are CommonJS and call require().
      "import{createRequire as __require}from'node:module';const require=__require(import.meta.url);",
  },
})

for (const { name } of plugins) if (!met.has(name)) throw new Error(`${name} no longer matches any module`)

// Chunks of earlier builds have other hashes in their names and would accumulate.
for (const name of readdirSync(path.join(root, 'dist/chunks'))) {
  if (!(`dist/chunks/${name}` in metafile.outputs)) rmSync(path.join(root, 'dist/chunks', name))
}

const pageInputs = await buildPages(root)
const inputs = [...Object.keys(metafile.inputs), ...pageInputs]
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
