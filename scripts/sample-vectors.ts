/** Embeds the sample pictures ahead of time, so that the first search is fast. Needs the built dist/. */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { createDecoderPool } from '../src/pictures/decoder/pool.ts'
import { createEmbedder } from '../src/vision/create-embedder.ts'

const PICTURES = 'assets/sample/pictures'
const VECTORS = 'assets/sample/vectors.json'

const distDir = path.resolve('dist')
const decoder = createDecoderPool({ entryFile: path.join(distDir, 'decoder.js') })
const embedder = await createEmbedder({
  spec: 'builtin',
  assetsDir: path.resolve('assets'),
  distDir,
  decoder,
})
const rows: string[] = []
for (const name of (await readdir(PICTURES)).sort()) {
  const [vector] = (await embedder.embed(await readFile(path.join(PICTURES, name)), 'index')).vectors
  if (!vector) throw new Error(`no vector for ${name}`)
  rows.push(`${JSON.stringify(name)}:${JSON.stringify(Buffer.from(vector).toString('base64'))}`)
}
await embedder.close()
// One picture per line, so that a diff shows which ones changed.
await writeFile(VECTORS, `{"model":${JSON.stringify(embedder.id)},"vectors":{\n${rows.join(',\n')}\n}}\n`)
console.log(`${rows.length} vectors of ${embedder.id}`)
