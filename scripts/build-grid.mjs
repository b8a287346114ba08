// Builds dist/grid.html: the product grid's script and style, minified and inlined into one page.
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { build } from 'esbuild'

/**
 * @param {string} root the project's folder
 * @returns {Promise<string[]>} the bundled files as named in esbuild's metafile
 */
export async function buildGrid(root) {
  const { outputFiles, metafile } = await build({
    metafile: true,
    absWorkingDir: root,
    entryPoints: ['src/view/main.ts', 'src/view/grid.css'],
    outdir: 'dist',
    bundle: true,
    write: false,
    format: 'iife',
    target: ['chrome111', 'firefox113', 'safari16.4'],
    minify: true,
    charset: 'utf8',
  })
  const textOf = extension => outputFiles.find(file => file.path.endsWith(extension)).text.trim()
  const page = readFileSync(path.join(root, 'src/view/grid.html'), 'utf8')
    .replace('/*style*/', () => textOf('.css'))
    // A script element must not contain its own end tag.
    .replace('/*script*/', () => textOf('.js').replaceAll('</script', '<\\/script'))
  writeFileSync(path.join(root, 'dist/grid.html'), page)
  return Object.keys(metafile.inputs)
}
