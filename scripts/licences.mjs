// Writes dist/THIRD_PARTY_LICENSES.txt: the licence and notice of every bundled package.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/** Their packages name the licence without its text. */
const MISSING_TEXTS = new Map(
  ['saxes', 'heic-decode'].map(name => [name, path.join(import.meta.dirname, `${name}-licence.txt`)]),
)

const LEGAL_FILE = /^(licen[cs]e|notice|copying)/i

/**
 * @param {string} root the project's folder
 * @param {readonly string[]} inputs the bundled files relative to the project
 * @throws if a bundled package has no licence, because we could not ship it.
 */
export function writeLicences(root, inputs) {
  const sections = packageFolders(inputs).map(folder => sectionOf(path.join(root, folder)))
  const head = 'The files in this folder contain code of the following packages, each under its own licence.'
  writeFileSync(path.join(root, 'dist/THIRD_PARTY_LICENSES.txt'), [head, ...sections].join(`\n\n${'-'.repeat(80)}\n\n`))
}

/** The innermost package folder of each file below node_modules. */
export function packageFolders(inputs) {
  const folders = inputs.map(input => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0])
  return [...new Set(folders.filter(folder => folder !== undefined))].sort()
}

export function readPackage(folder) {
  return JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'))
}

/** Some packages have their licence only in the README. */
function licencePart(folder) {
  const readme = readdirSync(folder).find(file => /^readme/i.test(file))
  const text = readme === undefined ? '' : readFileSync(path.join(folder, readme), 'utf8')
  const [part] = /^#+ *licen[cs]e[\s\S]*/im.exec(text) ?? []
  return part === undefined ? [] : [part.trim()]
}

function sectionOf(folder) {
  const { name, version, license, author } = readPackage(folder)
  const files = readdirSync(folder).filter(file => LEGAL_FILE.test(file) && !file.endsWith('.js'))
  const missing = MISSING_TEXTS.get(name)
  const paths = missing === undefined ? files.map(file => path.join(folder, file)) : [missing]
  const texts = paths.length > 0 ? paths.map(file => readFileSync(file, 'utf8').trim()) : licencePart(folder)
  const by = typeof author === 'string' ? author : author?.name
  if (license === undefined && texts.length === 0) throw new Error(`${name} names no licence`)
  return [`${name} ${version} (${license ?? 'see below'})${by ? `, by ${by}` : ''}`, ...texts].join('\n\n')
}
