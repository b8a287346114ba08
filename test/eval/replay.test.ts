import { readFileSync } from 'node:fs'
import path from 'node:path'
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { TestClient } from '../support/clients.ts'
import { connectInProcess } from '../support/in-process.ts'
import { makeTempDir, ROOT } from '../support/program.ts'
import { argumentsOf, fill, offerIdsOf, readRequests } from './requests.ts'

const sample = z.object({ offer_id: z.string(), kind: z.string() })
const kinds = new Map(
  readFileSync(path.join(ROOT, 'assets/sample/offers.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map(line => sample.parse(JSON.parse(line)))
    .map(({ offer_id, kind }) => [offer_id, kind]),
)
const requests = readRequests()

describe('the requests of buyers', () => {
  const dir = makeTempDir()
  let client: TestClient
  let tools: string[]

  beforeAll(async () => {
    client = await connectInProcess(dir.path)
    tools = (await client.listTools()).map(tool => tool.name)
    // On a busy machine, the first search would not wait until every picture is embedded.
    await client.call('sync_catalogue', { max_credits: 0 })
  })
  afterAll(async () => {
    await client?.close()
    dir.remove()
  })

  test('are forty, in English and in Chinese', () => {
    expect(requests.map(({ id }) => id)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1))
    expect(requests.filter(({ language }) => language === 'zh').length).toBe(20)
  })

  test('about deciding are twenty more, each with the calls and credits that it may take', () => {
    const buying = readRequests('buying-requests')
    expect(buying.map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, index) => 41 + index))
    expect(buying.filter(({ language }) => language === 'zh').length).toBe(10)
    expect(buying.filter(({ tools: set }) => set === 'all').map(({ id }) => id)).toEqual([59, 60])
  })

  test.each(requests)('$id: $request', async ({ calls, max_tokens }) => {
    let found: string[] = []
    const spent = { text: 0, json: 0 }
    for (const call of calls) {
      expect(tools).toContain(call.tool)
      const { isError, text, structured } = await client.call(call.tool, argumentsOf(call, found))
      expect(isError, text).toBe(false)
      const json = JSON.stringify(structured)
      spent.text += countTokens(text)
      spent.json += countTokens(json)
      const ids = offerIdsOf(structured)
      if (ids.length > 0) found = ids
      if (call.finds !== undefined) expect(kinds.get(found[0] ?? '')).toBe(call.finds)
      for (const fact of (call.facts ?? []).map(each => fill(each, found))) {
        expect(json).toContain(fact)
        if (!/^[a-z_]+$/.test(fact)) expect(text).toContain(fact)
      }
    }
    expect(spent.text).toBeLessThanOrEqual(max_tokens)
    expect(spent.json).toBeLessThanOrEqual(max_tokens)
  })
})
