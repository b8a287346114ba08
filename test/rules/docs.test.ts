import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
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

it('AGENTS.md is short enough to be read', () => {
  expect(readFileSync(path.join(ROOT, 'AGENTS.md'), 'utf8').split('\n').length).toBeLessThanOrEqual(121)
})
