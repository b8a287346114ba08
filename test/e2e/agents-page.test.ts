import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { connectOverStdio, type TestClient, WIRES } from '../support/clients.ts'
import { makeTempDir, ROOT, serverCommand } from '../support/program.ts'

const PAGE = readFileSync(path.join(ROOT, 'docs/agents.md'), 'utf8')

/** The calls of the page, each with the reply that stands under it. */
const CALLS = [...PAGE.matchAll(/^> (\w+) (\{.*\})\n([\s\S]*?)(?=\n\n> |\n```)/gm)].map(
  ([, tool = '', input = '', reply = '']) => ({ tool, input, reply }),
)

const dir = makeTempDir()
let client: TestClient
beforeAll(async () => {
  client = await connectOverStdio(WIRES[2], serverCommand(dir.path))
})
afterAll(async () => {
  await client?.close()
  dir.remove()
})

/** A reply without its age; `…` on the page stands for what is left out there. */
function timeless(reply: string): string {
  return reply.replace(/, \d+ s old \(\S+\)/, '')
}

it('docs/agents.md shows what is really answered', async () => {
  expect(CALLS.length).toBeGreaterThan(4)
  for (const { tool, input, reply } of CALLS) {
    const { image_url: name, ...rest } = JSON.parse(input)
    const isFile = typeof name === 'string' && !name.includes('/')
    const image = isFile ? { image_url: path.join(ROOT, 'test/fixtures/queries', name) } : {}
    const { text } = await client.call(tool, { ...rest, ...image })
    const [shown, real] = [timeless(reply), timeless(text)]
    const [start = '', end = ''] = shown.split('…')
    if (shown.includes('…')) expect(real.startsWith(start) && real.endsWith(end), `${input}\n${real}`).toBe(true)
    else expect(real).toBe(shown)
  }
})
