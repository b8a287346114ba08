import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { FILES, TABLES, withFreshTables } from '../../scripts/write-docs.ts'
import { REGISTRY_LAUNCH, SERVER_NAME } from '../../src/cli/commands/setup/launch.ts'
import { listOptions } from '../../src/config.ts'
import { IS_PUBLISHED } from '../../src/version.ts'
import { ROOT } from '../support/program.ts'

it.each(TABLES)('the table of $name in $page is up to date (npm run docs)', ({ page }) => {
  const text = readFileSync(path.join(ROOT, page), 'utf8')
  expect(withFreshTables(page, text)).toBe(text)
})

it.each(Object.entries(FILES))('%s is up to date (npm run docs)', (file, make) => {
  expect(readFileSync(path.join(ROOT, file), 'utf8')).toBe(make())
})

it('the README has at most 200 lines', () => {
  expect(readFileSync(path.join(ROOT, 'README.md'), 'utf8').split('\n').length).toBeLessThanOrEqual(201)
})

it('the entry to paste from the README starts this program, with options that exist', () => {
  const [, block = ''] = /```json\n([\s\S]*?)```/.exec(readFileSync(path.join(ROOT, 'README.md'), 'utf8')) ?? []
  const { env = {}, ...launch } = JSON.parse(block).mcpServers[SERVER_NAME]
  const ofClone = { command: 'node', args: [expect.stringMatching(/\/dist\/mcp-1688\.js$/)] }
  expect(launch).toEqual(IS_PUBLISHED ? REGISTRY_LAUNCH : ofClone)
  expect(listOptions().map(option => option.env)).toEqual(expect.arrayContaining(Object.keys(env)))
})

const PAGES = [
  'README.md',
  'README.zh-CN.md',
  'AGENTS.md',
  'THIRD_PARTY_NOTICES.md',
  ...readdirSync(path.join(ROOT, 'docs')).map(name => `docs/${name}`),
]

it.each(PAGES.filter(page => page.endsWith('.md')))('%s names only existing files and scripts', page => {
  const text = readFileSync(path.join(ROOT, page), 'utf8')
  const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, to = '']) => path.join(path.dirname(page), to))
  // Readers add files such as `my-tool` and `acme` themselves.
  const named = [...text.matchAll(/`((?:src|test|bench|scripts|assets|assembly|docs)\/[\w./-]+)`/g)].map(
    ([, to = '']) => to,
  )
  const missing = [...links, ...named.filter(to => !/\/(my-|acme)/.test(to))].filter(
    to => !['', '.ts', '.test.ts'].some(ending => existsSync(path.join(ROOT, to + ending))),
  )
  expect(missing).toEqual([])
  const scripts = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name)
  expect(scripts.filter(name => !(name in packageJson.scripts))).toEqual([])
})

it('AGENTS.md lists every part of the program', () => {
  const text = readFileSync(path.join(ROOT, 'AGENTS.md'), 'utf8')
  const parts = readdirSync(path.join(ROOT, 'src'), { withFileTypes: true }).filter(entry => entry.isDirectory())
  expect(parts.map(({ name }) => `src/${name}/`).filter(part => !text.includes(`\n${part}`))).toEqual([])
})

it('AGENTS.md lists every measurement', () => {
  const text = readFileSync(path.join(ROOT, 'AGENTS.md'), 'utf8')
  const measurements = Object.keys(packageJson.scripts).filter(name => name.startsWith('bench'))
  expect(measurements.filter(name => !new RegExp(`\\| \`npm run ${name}[ \`]`).test(text))).toEqual([])
})

it('AGENTS.md has at most 120 lines', () => {
  expect(readFileSync(path.join(ROOT, 'AGENTS.md'), 'utf8').split('\n').length).toBeLessThanOrEqual(121)
})

it('each line of docs/security.md names a test that exists', () => {
  const sections = readFileSync(path.join(ROOT, 'docs/security.md'), 'utf8').split(/^## /m).slice(1)
  const lines = sections.flatMap(section => {
    const [, ...blocks] = section.trim().split(/\n\n+/)
    return blocks.flatMap(block => (block.startsWith('|') ? block.split('\n').slice(2) : block.split(/\n(?=- )/)))
  })
  expect(lines.length).toBeGreaterThan(85)
  const untested = lines.filter(line => {
    const named = [...line.matchAll(/`((?:test|bench)\/[\w./-]+)`/g)].map(([, name = '']) => name)
    const isThere = (name: string) => ['.test.ts', '.ts'].some(ending => existsSync(path.join(ROOT, name + ending)))
    return named.length === 0 || !named.every(isThere)
  })
  expect(untested).toEqual([])
})
