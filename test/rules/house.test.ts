import { readdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT } from '../support/program.ts'

const FOLDERS = ['src', 'test', 'bench', 'scripts', 'docs']

/** Every file of the house that is text, as paths from the root. */
const FILES = FOLDERS.flatMap(folder =>
  readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && /\.(ts|mjs|json|jsonl|md|txt|css|html|ya?ml)$/.test(entry.name))
    .map(entry => path.relative(ROOT, path.join(entry.parentPath, entry.name))),
)
const CODE = FILES.filter(file => file.endsWith('.ts'))

const textOf = (file: string) => readFileSync(path.join(ROOT, file), 'utf8')

const HATCHES: readonly [pattern: RegExp, name: string][] = [
  [/:\s*any\b|<any>|\bany\[\]|\bas\s+any\b/, 'any'],
  [/\bas\s+(?!const\b)[\w{([]/, 'as'],
  [/\bexport\s+default\b/, 'default export'],
  [/\bexport \*/, 'barrel'],
  [/\benum\s+[A-Z]/, 'enum'],
  [/\bclass\s+\w+\s+extends\s+(?!\w*Error\b)/, 'inheritance'],
  [/[\w)\]]!(?:[.;,)\]]|$)/m, '!'],
]

/** What a file does to get around the compiler, or against the house. */
function hatchesOf(text: string): string[] {
  const code = text
    .replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g, "''")
    .replaceAll(/^\s*(?:import\b|export\s+(?:type\s+)?\{)[^'=]*\bfrom\b/gm, '')
  const found = HATCHES.filter(([pattern]) => pattern.test(code)).map(([, name]) => name)
  return /@ts-(?:ignore|expect-error|nocheck)/.test(text) ? [...found, 'ts-ignore'] : found
}

describe('the house', () => {
  it('has no escape hatches', () => {
    // The rules themselves name what they look for.
    const breaches = CODE.filter(file => !file.startsWith(path.join('test', 'rules'))).flatMap(file =>
      hatchesOf(textOf(file)).map(hatch => `${file}: ${hatch}`),
    )
    // The services are made from the names of the use cases, which no type can follow.
    expect(breaches).toEqual([`${path.join('src', 'use-cases', 'use-cases.ts')}: as`])
  })

  it.each([
    ['const a = b as string', 'as'],
    ['const a: any = 1', 'any'],
    ['const a = b!.c', '!'],
    ['// @ts-ignore\nconst a = 1', 'ts-ignore'],
    ["export * from './b.ts'", 'barrel'],
    ['class A extends B {}', 'inheritance'],
  ])('sees an escape hatch in %s', (code, hatch) => {
    expect(hatchesOf(code)).toEqual([hatch])
  })

  it('composes signals by time/deadline alone', () => {
    // What Node 20 does to AbortSignal.any and its timers is told there.
    const users = CODE.filter(file => file.startsWith('src') && file !== path.join('src', 'time', 'deadline.ts'))
    expect(users.filter(file => /AbortSignal\.(any|timeout)\b/.test(textOf(file)))).toEqual([])
  })

  it('is written in files of 300 lines at most', () => {
    const written = FILES.filter(file => /\.(ts|mjs|css|html)$/.test(file))
    expect(written.filter(file => textOf(file).split('\n').length > 300)).toEqual([])
  })

  it('names no folder of the machine that it was written on', () => {
    const folders = [ROOT, homedir()].filter(folder => folder.length > 1).map(folder => folder + path.sep)
    const pages = readdirSync(ROOT).filter(name => /\.(md|json|ya?ml|ts)$/.test(name))
    const named = [...FILES, ...pages].filter(file => folders.some(folder => textOf(file).includes(folder)))
    expect(named).toEqual([])
  })
})
