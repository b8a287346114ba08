/** What an offer cost before is remembered and said, through the built program and a real client. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connectOverStdio, WIRES } from '../support/clients.ts'
import { type Listing, makeListings } from '../support/listings.ts'
import { makeTempDir, runProgram, serverCommand, type TempDir } from '../support/program.ts'
import { startTmapiServer, type TmapiServer } from '../support/tmapi-server.ts'

describe('what an offer cost before', () => {
  let dir: TempDir
  let tmapi: TmapiServer
  let listings: Listing[]
  beforeEach(async () => {
    dir = makeTempDir()
    listings = makeListings(5)
    tmapi = await startTmapiServer({ listings })
  })
  afterEach(async () => {
    await tmapi.close()
    dir.remove()
  })
  const env = () => ({ MCP1688_UPSTREAM: 'tmapi', MCP1688_TMAPI_TOKEN: tmapi.token, MCP1688_TMAPI_BASE_URL: tmapi.url })
  const idOf = (number: number) => String(listings[number]?.id)
  const read = async (more: readonly string[] = [], extraEnv = {}) =>
    (await runProgram(['details', idOf(2), ...more], dir.path, { ...env(), ...extraEnv })).stdout
  const cut = (number: number) => {
    const listing = listings[number]
    if (listing) listing.priceFen -= 100
  }
  it('is said with its date by details and compare, once it has changed', async () => {
    const first = JSON.parse(await read(['--json']))
    expect(first.was).toBeUndefined()
    expect(JSON.parse(await read(['--fresh', '--json'])).was).toBeUndefined()
    cut(2)
    const second = JSON.parse(await read(['--fresh', '--json']))
    expect(second.was).toMatch(
      new RegExp(
        `^${second.min_price === second.max_price ? first.min_price : `${first.min_price}-${first.max_price}`} on \\d{1,2} [A-Z][a-z]{2}$`,
      ),
    )
    expect(await read()).toContain(`(was ${second.was}); MOQ`)

    const client = await connectOverStdio(WIRES[2], serverCommand(dir.path, env()))
    const compared = await client.call('compare_products', { offer_ids: [idOf(2), idOf(3)] })
    expect(compared.structured).toMatchObject({
      offers: expect.arrayContaining([
        expect.objectContaining({ was: expect.stringMatching(/^\d+\.\d+(-\d+\.\d+)? on \d/) }),
      ]),
    })
    expect(compared.text).toMatch(/\(was \d+\.\d+(-\d+\.\d+)? on \d{1,2} [A-Z][a-z]{2}\)/)
    await client.close()
  })

  it('is not kept with MCP1688_HISTORY=0d', async () => {
    await read([], { MCP1688_HISTORY: '0d' })
    expect(existsSync(path.join(dir.path, 'own.db'))).toBe(false)
  })
})
