import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PARSE_TIERS } from '../../src/limits/ledger/allowance.ts'
import { openLedgerFile } from '../../src/limits/ledger/sqlite/ledger-file.ts'
import { systemClock } from '../../src/time/clock.ts'
import { addKey } from '../http/service.ts'
import { connectOverHttp } from '../support/clients.ts'
import { drawnGood } from '../support/drawn-goods.ts'
import { type LocalServe, serveInProcess } from '../support/in-process.ts'
import { makeIndexRows } from '../support/index-rows.ts'
import { type ParseServer, startParseServer } from '../support/parse-server.ts'
import { createPictureServer, type PictureServer } from '../support/picture-server.ts'
import { makeTempDir, type TempDir } from '../support/program.ts'

describe('a key with two credits left, at serve', () => {
  let dir: TempDir
  let pictures: PictureServer
  let upstream: ParseServer
  let server: LocalServe
  let key: string

  beforeAll(async () => {
    dir = makeTempDir()
    pictures = await createPictureServer({ '/a.jpg': await drawnGood(1) })
    upstream = await startParseServer({ rows: makeIndexRows(20, [`http://${pictures.host}/a.jpg`]) })
    const issued = await addKey(dir)
    key = issued.text
    await leaveTwoCredits(issued.key.id)
    server = await serveInProcess(dir.path, {
      MCP1688_PARSE_BASE_URL: upstream.url,
      MCP1688_PARSE_API_KEY: upstream.key,
      MCP1688_TIER: 'developer',
      MCP1688_IMAGE_ALLOW: pictures.host,
    })
  })
  afterAll(async () => {
    await server.close()
    await upstream.close()
    await pictures.close()
    dir.remove()
  })

  /** Spends the other credits in the key's ledger. */
  async function leaveTwoCredits(id: string): Promise<void> {
    const allowance = PARSE_TIERS.developer
    const dataDir = path.join(dir.path, 'accounts')
    const ledger = openLedgerFile({ dataDir, account: `key:${id}`, allowance, clock: systemClock })
    expect((await ledger.acquire('all but two', allowance.creditsPerMonth - 2)).granted).toBe(true)
    await ledger.close()
  }
  const get = (target: string) => fetch(`${server.url}/${target}`, { headers: { 'x-api-key': key } })
  const photo = () => encodeURIComponent(`http://${pictures.host}/a.jpg`)
  const costOf = ({ status, headers }: Response) => [
    status,
    headers.get('x-credits-charged'),
    headers.get('x-credits-remaining'),
  ]

  it('spends them on new answers, and still gets cached answers afterwards', async () => {
    expect(costOf(await get('get_product_details?offer_id=7000000001'))).toEqual([200, '1', '1'])
    expect(costOf(await get(`search_by_image?image_url=${photo()}`))).toEqual([200, '1', '0'])
    const asked = upstream.calls.length

    expect(costOf(await get('get_product_details?offer_id=7000000001'))).toEqual([200, '0', '0'])
    expect(costOf(await get(`search_by_image?image_url=${photo()}`))).toEqual([200, '0', '0'])
    const refused = await get('get_product_details?offer_id=7000000002')
    expect(costOf(refused)).toEqual([402, '0', '0'])
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(29 * 86_400)
    expect(upstream.calls).toHaveLength(asked)

    const client = await connectOverHttp('v1 client, 2025 wire', `${server.url}/mcp`, { 'x-api-key': key })
    const kept = await client.call('get_product_details', { offer_id: '7000000001' })
    expect(kept.isError).toBe(false)
    const other = await client.call('get_product_details', { offer_id: '7000000002' })
    expect(other.text).toContain('code: credits_exhausted')
    await client.close()
    expect(upstream.calls).toHaveLength(asked)
  })
})
