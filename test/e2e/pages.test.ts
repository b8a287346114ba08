import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { TOOLS } from '../../src/tools/list.ts'
import { connectOverStdio, type TestClient, WIRES } from '../support/clients.ts'
import { makeTempDir, ROOT, serverCommand } from '../support/program.ts'

/** A call on a page and the reply below it. */
const TRANSCRIPT = /^> (\w+) (\{.*\})\n([\s\S]*?)(?=\n\n> |\n```)/gm

const SKILL = 'plugin/skills/sourcing-on-1688/SKILL.md'

const dir = makeTempDir()
let client: TestClient
beforeAll(async () => {
  client = await connectOverStdio(WIRES[2], serverCommand(dir.path))
  await client.call('sync_catalogue', { max_credits: 0 })
})
afterAll(async () => {
  await client?.close()
  dir.remove()
})

/** The file that a page names; `undefined` if it is not one of ours. */
function fileOf(name: unknown): string | undefined {
  const folders = ['test/fixtures/queries', 'assets/sample']
  return folders.map(folder => path.join(ROOT, folder, String(name))).find(existsSync)
}

/** The reply as the page shows it: a shortened one (`…`) stays if the rest is correct. */
async function freshReply(tool: string, input: string, shown: string): Promise<string> {
  const given = JSON.parse(input)
  const file = fileOf(given.image_url)
  const { text } = await client.call(tool, file === undefined ? given : { ...given, image_url: file })
  const reply = text.replace(/fetched \d+ (s|min) ago \(\S+\)/, 'fetched 1 s ago')
  const parts = shown.split('…').map(part => part.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&'))
  return new RegExp(`^${parts.join('[\\s\\S]+')}$`).test(reply) ? shown : reply
}

it.each(['README.md', 'docs/agents.md', SKILL])('%s shows real replies (npx vitest run -u writes them)', async page => {
  let text = readFileSync(path.join(ROOT, page), 'utf8')
  const transcripts = [...text.matchAll(TRANSCRIPT)]
  expect(transcripts).not.toEqual([])
  for (const [whole, tool = '', input = '', shown = ''] of transcripts) {
    const fresh = await freshReply(tool, input, shown)
    text = text.replace(whole, () => `> ${tool} ${input}\n${fresh}`)
  }
  await expect(text).toMatchFileSnapshot(path.join(ROOT, page))
})

it('the skill has at most 300 lines, and names only tools and arguments that exist', () => {
  const text = readFileSync(path.join(ROOT, SKILL), 'utf8')
  expect(text.split('\n').length).toBeLessThanOrEqual(301)
  expect(text.match(/^> \w+ \{/gm)).toHaveLength([...text.matchAll(TRANSCRIPT)].length)
  const words = new Set(TOOLS.flatMap(tool => [tool.name, ...Object.keys(tool.input.shape)]))
  const named = [...text.matchAll(/`([a-z]+(?:_[a-z]+)+)/g)].map(([, word]) => word)
  expect(named.length).toBeGreaterThan(10)
  expect(named.filter(word => !words.has(word ?? ''))).toEqual(['price_basis', 'retry_after_s', 'negotiate_in_chinese'])
})
