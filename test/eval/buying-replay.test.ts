/** Requests about deciding, replayed over the stand-in of TMAPI, which counts what is spent, or over sample data. */
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'
import { afterEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { TestClient } from '../support/clients.ts'
import { connectInProcess } from '../support/in-process.ts'
import { makeListings } from '../support/listings.ts'
import { makeTempDir } from '../support/program.ts'
import { startTmapiServer } from '../support/tmapi-server.ts'
import { argumentsOf, type BuyerRequest, type ExpectedCall, readRequests } from './requests.ts'

const requests = readRequests('buying-requests')

const spentIn = z.object({ credits: z.object({ spent: z.number() }).optional() })

describe('the requests of buyers who decide', () => {
  const cleanUps: (() => Promise<unknown> | undefined)[] = []
  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
  })

  const connect = async ({ upstream, tools }: BuyerRequest) => {
    const dir = makeTempDir()
    cleanUps.push(async () => dir.remove())
    const tmapi = await startTmapiServer({ listings: makeListings(20) })
    cleanUps.push(tmapi.close)
    const env = {
      MCP1688_UPSTREAM: upstream,
      MCP1688_TMAPI_TOKEN: tmapi.token,
      MCP1688_TMAPI_BASE_URL: tmapi.url,
      MCP1688_FX: 'USD=7.1,EUR=7.8',
      MCP1688_TOOLS: tools,
    }
    const client = await connectInProcess(dir.path, env)
    cleanUps.push(client.close)
    // The first search would not wait until every sample picture is embedded.
    if (upstream === 'sample') await client.call('sync_catalogue', { max_credits: 0 })
    return { client, tmapi }
  }

  const ask = async (client: TestClient, call: ExpectedCall) => {
    const reply = await client.call(call.tool, argumentsOf(call, []))
    expect(reply.isError, reply.text).toBe(call.error !== undefined)
    if (call.error !== undefined) expect(reply.text).toContain(call.error)
    const json = JSON.stringify(reply.structured ?? {})
    for (const fact of call.facts ?? []) {
      expect(json).toContain(fact)
      if (!/^[a-z_]+$/.test(fact)) expect(reply.text).toContain(fact)
    }
    const { credits } = spentIn.parse(reply.structured ?? {})
    return { text: countTokens(reply.text), json: countTokens(json), spent: credits?.spent ?? 0 }
  }

  test.each(requests)('$id: $request', async request => {
    const { client, tmapi } = await connect(request)
    const listed = (await client.listTools()).map(tool => tool.name)
    let total = { text: 0, json: 0, spent: 0 }
    for (const call of request.calls) {
      expect(listed).toContain(call.tool)
      const { text, json, spent } = await ask(client, call)
      total = { text: total.text + text, json: total.json + json, spent: total.spent + spent }
    }
    expect(total.text).toBeLessThanOrEqual(request.max_tokens)
    expect(total.json).toBeLessThanOrEqual(request.max_tokens)
    expect(total.spent).toBeLessThanOrEqual(request.credits)
    // Each call on the wire is one credit.
    expect(tmapi.calls.length).toBe(total.spent)
  })
})
