import { readdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT } from '../support/program.ts'

const FOLDERS = ['src', 'test', 'bench', 'scripts', 'docs']

/** Every text file, as paths from the root. */
const FILES = FOLDERS.flatMap(folder =>
  readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && /\.(ts|mjs|json|jsonl|md|txt|css|html|ya?ml)$/.test(entry.name))
    .map(entry => path.relative(ROOT, path.join(entry.parentPath, entry.name))),
)
const CODE = FILES.filter(file => file.endsWith('.ts'))

const textOf = (file: string) => readFileSync(path.join(ROOT, file), 'utf8')

/** The linters cannot forbid inheritance; they check any, casts, `!`, enums, default exports and barrels. */
const INHERITANCE = /\bclass\s+\w+\s+extends\s+(?!\w*Error\b)/
const SILENCED = /@ts-(?:ignore|expect-error|nocheck)|(?:biome|oxlint|eslint)-(?:ignore|disable)/

/** Old private words, and constructions that have to be read twice; in brackets, so that this line is none of them. */
const UNIDIOMATIC = /\bOwn[s]\b|\bmen[d](?:s|ed)?\b|\bane[w]\b|is n[o] (?:offer|flag|picture|number|plain)|whoeve[r]/i

describe('the code', () => {
  it('speaks plain English', () => {
    const inFolders = FILES.filter(file => /^(?:src|test|docs)\b.*\.(?:ts|md|txt)$/.test(file))
    const written = ['README.md', 'AGENTS.md', 'CHANGELOG.md', ...inFolders]
    expect(written.filter(file => UNIDIOMATIC.test(textOf(file)))).toEqual([])
  })

  it('silences neither the compiler nor the linters', () => {
    const silenced = CODE.filter(file => !file.startsWith(path.join('test', 'rules')) && SILENCED.test(textOf(file)))
    // The conformance suite's fixture needs JSON Schema's keyword `then`.
    expect(silenced).toEqual([path.join('test', 'conformance', 'fixtures', 'tools.ts')])
  })

  it('has no inheritance except from errors', () => {
    expect(CODE.filter(file => INHERITANCE.test(textOf(file)))).toEqual([])
  })

  it('combines abort signals only in time/deadline', () => {
    // That file explains what Node 20 does to AbortSignal.any and its timers.
    const users = CODE.filter(file => file.startsWith('src') && file !== path.join('src', 'time', 'deadline.ts'))
    expect(users.filter(file => /AbortSignal\.(any|timeout)\b/.test(textOf(file)))).toEqual([])
  })

  it('cuts the values in its messages with a mark, as offers/text does', () => {
    expect(
      CODE.filter(file => file.startsWith('src') && /JSON\.stringify\([^)\n]*\.slice\(/.test(textOf(file))),
    ).toEqual([])
  })

  it('has at most 300 lines per file', () => {
    const written = FILES.filter(file => /\.(ts|mjs|css|html)$/.test(file))
    expect(written.filter(file => textOf(file).split('\n').length > 300)).toEqual([])
  })

  it('contains no path of the machine it was written on', () => {
    const folders = [ROOT, homedir()].filter(folder => folder.length > 1).map(folder => folder + path.sep)
    const pages = readdirSync(ROOT).filter(name => /\.(md|json|ya?ml|ts)$/.test(name))
    const named = [...FILES, ...pages].filter(file => folders.some(folder => textOf(file).includes(folder)))
    expect(named).toEqual([])
  })
})
