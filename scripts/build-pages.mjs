// Builds the pages into dist/: script and style of each, minified and inlined into one file.
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { build } from 'esbuild'

/** Each has a style of its name beside its script. */
const PAGES = [
  { name: 'grid', script: 'main.ts', title: '1688' },
  { name: 'upload', script: 'upload.ts', title: 'mcp-1688' },
  // Added to the grid's page by the server.
  { name: 'picker', script: 'pick.ts', isPart: true },
]

const PART = '<style>/*style*/</style>\n<script>/*script*/</script>\n'

/**
 * @param {string} root the project's folder
 * @returns {Promise<string[]>} the bundled files as named in esbuild's metafile
 */
export async function buildPages(root) {
  const inputs = await Promise.all(PAGES.map(page => buildPage(root, page)))
  return [...new Set(inputs.flat())]
}

/**
 * esbuild keeps the blank before the value of a custom property.
 * @param {string} style
 */
const withoutBlanks = style => style.replaceAll(/(--[\w-]+):\s+/g, '$1:')

/** @returns {Promise<string[]>} */
async function buildPage(root, { name, script, title, isPart = false }) {
  const { outputFiles, metafile } = await build({
    metafile: true,
    absWorkingDir: root,
    entryPoints: [`src/view/${script}`, `src/view/${name}.css`],
    outdir: 'dist',
    bundle: true,
    write: false,
    format: 'iife',
    target: ['chrome111', 'firefox113', 'safari16.4'],
    minify: true,
    charset: 'utf8',
  })
  const textOf = extension => outputFiles.find(file => file.path.endsWith(extension)).text.trim()
  const template = isPart ? PART : readFileSync(path.join(root, 'src/view/page.html'), 'utf8')
  const page = template
    .replace('<title>', `<title>${title}`)
    .replace('/*style*/', () => withoutBlanks(textOf('.css')))
    // A script element must not contain its own end tag.
    .replace('/*script*/', () => textOf('.js').replaceAll('</script', '<\\/script'))
  writeFileSync(path.join(root, `dist/${name}.html`), page)
  return Object.keys(metafile.inputs)
}
