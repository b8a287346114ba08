import { existsSync } from 'node:fs'
import path from 'node:path'
import { encode } from 'gpt-tokenizer/encoding/o200k_base'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestClient } from '../support/clients.ts'
import { connectInProcess, runInProcess } from '../support/in-process.ts'
import { makeIndexRows } from '../support/index-rows.ts'
import { type ParseServer, startParseServer } from '../support/parse-server.ts'
import { makeTempDir, type TempDir } from '../support/program.ts'
import { stable } from './cases.ts'

describe('compare_products with a metered upstream', () => {
  let dir: TempDir
  let upstream: ParseServer
  let client: TestClient
  const rows = makeIndexRows(40, ['https://cbu01.alicdn.com/img/ibank/one.jpg'])
  const offer_ids = rows.slice(0, 20).map(row => row.offer_id)

  beforeAll(async () => {
    dir = makeTempDir()
    upstream = await startParseServer({ rows })
    const env = {
      MCP1688_PARSE_API_KEY: upstream.key,
      MCP1688_PARSE_BASE_URL: upstream.url,
      MCP1688_TIER: 'developer',
    }
    client = await connectInProcess(dir.path, env)
  })
  afterAll(async () => {
    await client.close()
    await upstream.close()
    dir.remove()
  })

  it('says that 20 unknown offers cost 20 credits, and spends none', async () => {
    const reply = await client.call('compare_products', { offer_ids, dry_run: true })
    expect(reply.structured).toMatchObject({ dry_run: { offers: 20, free: 0, credits: 20 }, credits: { spent: 0 } })
    expect(reply.text).toContain('comparing these 20 offers spends 20 credits')
    expect(upstream.calls).toEqual([])
  })

  it('spends exactly 20 on them, with progress, and nothing the second time, in under 4,000 tokens', async () => {
    const progress: number[] = []
    const options = { onProgress: (news: { progress: number }) => void progress.push(news.progress) }
    const first = await client.call('compare_products', { offer_ids, quantity: 100 }, options)
    expect(first.structured).toMatchObject({ credits: { spent: 20, remaining: 4_980 }, failed: [] })
    expect(upstream.calls).toHaveLength(20)
    // A client drops progress that arrives together with the result, so the last message may be missing.
    // and one that follows another within a quarter of a second.
    expect(progress.at(-1)).toBeGreaterThanOrEqual(1)
    expect(progress).toEqual([...new Set(progress)].toSorted((a, b) => a - b))

    const again = await client.call('compare_products', { offer_ids, quantity: 100 })
    expect(again.structured).toMatchObject({ credits: { spent: 0, remaining: 4_980 }, failed: [] })
    expect(upstream.calls).toHaveLength(20)
    expect(encode(again.text).length).toBeLessThan(4_000)
    expect(encode(JSON.stringify(again.structured)).length).toBeLessThan(4_000)
    await expect(stable(again)).toMatchFileSnapshot('compare-parse.snap.txt')
  })

  it('spends nothing if the file cannot be written, and leaves no file if nothing was compared', async () => {
    const env = { MCP1688_PARSE_API_KEY: upstream.key, MCP1688_PARSE_BASE_URL: upstream.url }
    const before = upstream.calls.length
    const nowhere = path.join(dir.path, 'no-such-folder', 'offers.csv')
    const failed = await runInProcess(['compare', '7000000031', '7000000032', '--csv', nowhere], dir.path, env)
    expect(failed).toMatchObject({ exitCode: 2, stdout: '' })
    expect(failed.stderr).toContain(`Cannot write ${nowhere}.`)
    const noPhoto = ['--photo', '/no/such.png', '--html', path.join(dir.path, 'offers.html')]
    const blind = await runInProcess(['compare', '7000000031', '7000000032', ...noPhoto], dir.path, env)
    expect(blind).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('/no/such.png') })
    expect(upstream.calls).toHaveLength(before)
    const sheet = path.join(dir.path, 'offers.xlsx')
    const wrong = await runInProcess(['compare', 'a', 'b', '--xlsx', sheet], dir.path, env)
    expect(wrong.exitCode).toBe(2)
    expect(existsSync(sheet)).toBe(false)
  })

  it('charges only new offers, and keeps the others if one fails', async () => {
    const mixed = [...offer_ids.slice(0, 3), '7000000021', '7999999999', 'https://qr.1688.com/s/AbCd1234']
    const plan = await client.call('compare_products', { offer_ids: mixed, dry_run: true })
    expect(plan.structured).toMatchObject({ dry_run: { offers: 5, free: 3, credits: 2 } })
    const reply = await client.call('compare_products', { offer_ids: mixed })
    expect(reply.structured).toMatchObject({
      failed: [
        { offers: ['https://qr.1688.com/s/AbCd1234'], code: 'invalid_input' },
        { offers: ['7999999999'], code: 'not_found' },
      ],
    })
    expect(reply.structured?.offers).toHaveLength(4)
  })
})
