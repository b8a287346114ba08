import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { freshReadme } from '../../scripts/write-docs.ts'
import { ROOT } from '../support/program.ts'

it('the tables of the README are fresh (npm run docs)', () => {
  const readme = readFileSync(path.join(ROOT, 'README.md'), 'utf8')
  expect(freshReadme(readme)).toBe(readme)
})

it('what the README says to paste is what hosts read', () => {
  const readme = readFileSync(path.join(ROOT, 'README.md'), 'utf8')
  const blocks = [...readme.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text]) => JSON.parse(text ?? ''))
  const [byHand, vscode] = blocks
  expect(byHand.mcpServers['1688']).toMatchObject({ command: 'npx', args: ['-y', 'mcp-1688'] })
  expect(vscode.servers['1688'].env.MCP1688_PARSE_API_KEY).toBe(`\${input:${vscode.inputs[0].id}}`)
  const link = (host: string) => new URL(new RegExp(`\\[Add to ${host}\\]\\((\\S+)\\)`).exec(readme)?.[1] ?? '')
  const target = new URL(link('VS Code').searchParams.get('url') ?? '')
  expect(target.href).toMatch(/^vscode:mcp\/install\?/)
  const { inputs, ...server } = JSON.parse(decodeURIComponent(target.search.slice(1)))
  expect({ inputs, servers: { 1688: { type: 'stdio', ...server, name: undefined } } }).toEqual(vscode)
  for (const host of ['Cursor', 'LM Studio']) {
    const config = Buffer.from(link(host).searchParams.get('config') ?? '', 'base64').toString()
    expect(JSON.parse(config)).toEqual({ command: 'npx', args: ['-y', 'mcp-1688'] })
  }
})

const PAGES = [
  'README.md',
  'AGENTS.md',
  'THIRD_PARTY_NOTICES.md',
  ...readdirSync(path.join(ROOT, 'docs')).map(name => `docs/${name}`),
]

it.each(PAGES.filter(page => page.endsWith('.md')))('%s names files and scripts that are there', page => {
  const text = readFileSync(path.join(ROOT, page), 'utf8')
  const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, to = '']) => path.join(path.dirname(page), to))
  // `my-tool` and `acme` are what a reader would add.
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

it('AGENTS.md has every part of the program in its tree', () => {
  const text = readFileSync(path.join(ROOT, 'AGENTS.md'), 'utf8')
  const parts = readdirSync(path.join(ROOT, 'src'), { withFileTypes: true }).filter(entry => entry.isDirectory())
  expect(parts.map(({ name }) => `src/${name}/`).filter(part => !text.includes(`\n${part}`))).toEqual([])
})

it('AGENTS.md has every measurement in its table', () => {
  const text = readFileSync(path.join(ROOT, 'AGENTS.md'), 'utf8')
  const measurements = Object.keys(packageJson.scripts).filter(name => name.startsWith('bench'))
  expect(measurements.filter(name => !new RegExp(`\\| \`npm run ${name}[ \`]`).test(text))).toEqual([])
})

it('AGENTS.md is short enough to be read', () => {
  expect(readFileSync(path.join(ROOT, 'AGENTS.md'), 'utf8').split('\n').length).toBeLessThanOrEqual(121)
})
