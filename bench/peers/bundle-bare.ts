/** Bundles the bare server in the same way as ours, so that the two can be compared. */
import path from 'node:path'
import { build } from 'esbuild'

/** @returns the path of the bundle. */
export async function bundleBareServer(folder: string): Promise<string> {
  const outfile = path.join(folder, 'bare-v2.mjs')
  const banner = { js: "import{createRequire as r}from'node:module';const require=r(import.meta.url);" }
  const entry = path.join(import.meta.dirname, 'bare-v2.ts')
  await build({ entryPoints: [entry], outfile, bundle: true, minify: true, platform: 'node', format: 'esm', banner })
  return outfile
}
