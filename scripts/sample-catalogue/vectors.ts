/** Owns the vectors of the sample pictures: made by the built-in model, so that a first search need not. */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { createEmbedder } from '../../src/vision/create-embedder.ts'

/** Embeds every picture of the folder; needs the built dist/. */
export async function writeVectors(pictures: string, file: string): Promise<void> {
  const embedder = await createEmbedder({
    spec: 'builtin',
    assetsDir: path.resolve('assets'),
    distDir: path.resolve('dist'),
  })
  const rows: string[] = []
  for (const name of (await readdir(pictures)).sort()) {
    const [vector] = await embedder.embed(await readFile(path.join(pictures, name)), 'index')
    if (!vector) throw new Error(`no vector for ${name}`)
    rows.push(`${JSON.stringify(name)}:${JSON.stringify(Buffer.from(vector).toString('base64'))}`)
  }
  await embedder.close()
  // A picture a line, so that a change shows which.
  await writeFile(file, `{"model":${JSON.stringify(embedder.id)},"vectors":{\n${rows.join(',\n')}\n}}\n`)
  console.log(`${rows.length} vectors of ${embedder.id}`)
}
