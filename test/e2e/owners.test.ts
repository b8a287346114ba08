/** Two holders of keys whose imports have the same IDs, on the built program. */
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { deriveOwnId } from '../../src/offers/id/own-id.ts'
import { connectOverHttp, type TestClient } from '../support/clients.ts'
import { drawnGood } from '../support/drawn-goods.ts'
import { type LocalServe, runInProcess, serveInProcess } from '../support/in-process.ts'
import { makeTempDir, type TempDir } from '../support/program.ts'

const OWN_ID = deriveOwnId('a')
const OTHER_ID = deriveOwnId('b')
const LISTED_ID = '791912182230'
const SENT_ID = '791912182231'

interface Holder {
  name: string
  keyId: string
  text: string
  client: TestClient
}

describe('two holders of keys with imports of the same IDs', () => {
  let dir: TempDir
  let server: LocalServe
  let ana: Holder
  let ben: Holder

  /** Imports three offers whose titles and shops begin with the owner's name. */
  const importAs = async (name: string, owner: string, picture: number): Promise<void> => {
    const sheet = path.join(dir.path, `${name}.csv`)
    writeFileSync(path.join(dir.path, `${name}.png`), await drawnGood(picture))
    const rows = [OWN_ID, OTHER_ID, LISTED_ID].map(id => `${id},${name} cup ${id},${name} shop,${name}.png,2.5`)
    writeFileSync(sheet, ['offer_id,title,shop_name,image,price', ...rows].join('\n'))
    const { exitCode, stderr } = await runInProcess(['catalogue', 'import', sheet, '--for', owner], dir.path)
    expect(exitCode, stderr).toBe(0)
  }

  beforeAll(async () => {
    dir = makeTempDir()
    const texts: string[] = []
    for (const name of ['Ana', 'Ben']) {
      const { stdout } = await runInProcess(['keys', 'add', '--name', name, '--tier', 'developer'], dir.path)
      texts.push(/m1688_\S+/.exec(stdout)?.[0] ?? '')
    }
    const holder = async (name: string, text = ''): Promise<Holder> => ({
      name,
      keyId: text.slice(6, 14),
      text,
      client: await connectOverHttp('v2 client, 2026 wire', `${server.url}/mcp`, { 'x-api-key': text }),
    })
    server = await serveInProcess(dir.path, { MCP1688_TOOLS: 'all' })
    ana = await holder('Ana', texts[0])
    ben = await holder('Ben', texts[1])
    await importAs('Ana', ana.keyId, 1)
    await importAs('Ben', ben.keyId, 2)
    await ben.client.call('watch_offers', { action: 'add', offer_ids: [LISTED_ID] })
  }, 120_000)
  afterAll(async () => {
    await ana.client.close()
    await ben.client.close()
    await server.close()
    dir.remove()
  })

  const others = (holder: Holder) => (holder === ana ? ben.name : ana.name)

  it.each([
    ['details', 'get_product_details', { offer_id: OWN_ID }],
    ['compare', 'compare_products', { offer_ids: [OWN_ID, OTHER_ID] }],
    ['a search by words', 'search_by_keyword', { keyword: 'cup' }],
    ['an inquiry', 'draft_inquiry', { offer_id: OWN_ID, quantity: 10 }],
    ['cards with pictures', 'get_offer_cards', { offer_ids: [OWN_ID, LISTED_ID], thumbnails: true }],
  ])('%s show the caller’s own offer, twice in a row', async (_what, tool, input) => {
    for (const holder of [ana, ben, ana]) {
      const { text, structured, isError } = await holder.client.call(tool, input)
      const answer = text + JSON.stringify(structured)
      expect(isError, answer).toBe(false)
      expect(answer).not.toContain(others(holder))
    }
  })

  it('thumbnails differ', async () => {
    const input = { offer_ids: [LISTED_ID], thumbnails: true }
    const [hers, his] = await Promise.all([ana, ben].map(({ client }) => client.call('get_offer_cards', input)))
    expect(JSON.stringify(hers?.structured)).toMatch(/"thumbnail":"\S{100}/)
    expect(JSON.stringify(hers?.structured)).not.toBe(JSON.stringify(his?.structured))
  })

  it('resources and completions show the caller’s own offers, and counts do not add up the other’s', async () => {
    for (const holder of [ana, ben]) {
      const { text } = await holder.client.readResource(`mcp-1688://offers/${OWN_ID}`)
      expect(text).toContain(`${holder.name} cup`)
      const catalogue = JSON.parse((await holder.client.readResource('mcp-1688://catalogue')).text)
      expect(JSON.stringify(catalogue)).not.toContain(others(holder))
      expect(catalogue.sources).toContainEqual(expect.objectContaining({ source: 'import', offers: 3 }))
      const { structured } = await holder.client.call('get_usage', {})
      expect(JSON.stringify(structured?.catalogue)).toContain('"source":"import","offers":3')
      const uri = 'mcp-1688://offers/{offer_id}'
      const ids = await holder.client.complete({ type: 'ref/resource', uri }, 'offer_id', OWN_ID.slice(0, 18))
      expect(ids).toEqual([OWN_ID])
    }
  })

  it('what only one owner has does not exist for the other, nor for the key of nobody', async () => {
    await runInProcess(['catalogue', 'remove', 'import', OTHER_ID, '--for', ben.keyId], dir.path)
    const asked = { offer_id: OTHER_ID }
    expect((await ben.client.call('get_product_details', asked)).isError).toBe(true)
    expect((await ana.client.call('get_product_details', asked)).isError).toBe(false)
    const { stdout } = await runInProcess(['catalogue', 'stats'], dir.path)
    expect(stdout).not.toContain('import')
  })

  describe('addresses of pictures', () => {
    const addressFor = async ({ client }: Holder, offerId = OWN_ID) => {
      const { structured } = await client.call('get_product_details', { offer_id: offerId })
      return String(z.array(z.string()).parse(structured?.images)[0])
    }

    it('show the owner’s own picture, without a key', async () => {
      const addresses = [await addressFor(ana), await addressFor(ben)]
      const pictures = await Promise.all(
        addresses.map(async address => {
          const answer = await fetch(address)
          expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/webp'])
          expect(answer.headers.get('cache-control')).toBe('private, max-age=86400')
          return Buffer.from(await answer.arrayBuffer()).toString('base64')
        }),
      )
      expect(pictures[0]).not.toBe(pictures[1])
      expect((await fetch(await addressFor(ana, '10001'))).status).toBe(200)
    })

    it('are strings for every product of a search, over REST as well', async () => {
      const address = `${server.url}/search_by_image?image_url=10001&page_size=5`
      const answer = z
        .object({ data: z.object({ products: z.array(z.object({ image_url: z.string() })) }) })
        .parse(await (await fetch(address, { headers: { 'x-api-key': ana.text } })).json())
      expect(answer.data.products.length).toBeGreaterThan(1)
    })

    it('stand for the offer as the caller sees it when they are passed back, and nothing is fetched', async () => {
      const address = await addressFor(ana)
      for (const holder of [ana, ben]) {
        const { text, isError } = await holder.client.call('search_by_image', { image_url: address, page_size: 3 })
        expect(isError, text).toBe(false)
        expect(text).not.toContain(others(holder))
      }
    })

    it('open nothing for another owner, after a change, or of an offer that is not there', async () => {
      const address = await addressFor(ana)
      const changed = [
        address.replace(ana.keyId, ben.keyId),
        address.replace(OWN_ID, LISTED_ID),
        address.replace(/\?.*/, ''),
      ]
      for (const each of changed) expect([each, (await fetch(each)).status]).toEqual([each, 404])
      expect((await fetch(address, { method: 'POST' })).status).toBe(405)
    })
  })

  describe('a sheet sent by a holder', () => {
    const send = async (holder: Pick<Holder, 'text'>, rows: string, more: Record<string, string | File> = {}) => {
      const body = new FormData()
      body.set('sheet', new Blob([`offer_id,title,image,price\n${rows}`]), 'sheet.csv')
      for (const [name, value] of Object.entries(more)) body.append(value instanceof File ? 'pictures' : name, value)
      const headers = { 'x-api-key': holder.text }
      const answer = await fetch(`${server.url}/catalogue/import`, { method: 'POST', headers, body })
      return { status: answer.status, text: await answer.text() }
    }
    // Refused by the guard, so that nothing is sent.
    const PICTURE = 'http://127.0.0.1/sent.jpg'

    it('is refused without the right, and is the sender’s own with it', async () => {
      const row = `${SENT_ID},Sent lamp,${PICTURE},4.5`
      expect((await send(ana, row)).status).toBe(403)
      await runInProcess(['keys', 'allow', ana.keyId, 'import'], dir.path)
      const { status, text } = await send(ana, row)
      expect([status, JSON.parse(text)]).toMatchObject([200, { data: { imported: true, offers: 1 } }])
      expect((await ana.client.call('search_by_keyword', { keyword: 'lamp' })).text).toContain('Sent lamp')
      expect((await ben.client.call('search_by_keyword', { keyword: 'lamp' })).text).not.toContain('Sent lamp')
      const { stdout } = await runInProcess(['catalogue', 'export', '--for', ana.keyId, '--source', 'import'], dir.path)
      expect(stdout).toContain('Sent lamp')
    })

    it('goes into the room that the key has, and updates what is there when that is full', async () => {
      const { stdout } = await runInProcess(
        ['keys', 'add', '--name', 'Cam', '--tier', 'developer', '--allow', 'import', '--storage', '2'],
        dir.path,
      )
      expect(stdout).toContain('own offers: 2 (0.1 MB)')
      const cam = { text: /m1688_\S+/.exec(stdout)?.[0] ?? '' }
      const rowsOf = (ids: number[], price: string) =>
        ids.map(id => `70000000000${id},Jug,${PICTURE},${price}`).join('\n')
      for (const price of ['1', '2']) {
        const { data } = JSON.parse((await send(cam, rowsOf([1, 2, 3], price))).text)
        const reason = 'No room: this account may have 2 own offers, and has 2.'
        expect(data).toMatchObject({ imported: true, offers: 2, left_out_rows: [{ line: 4, reason }] })
      }
      const client = await connectOverHttp('v2 client, 2026 wire', `${server.url}/mcp`, { 'x-api-key': cam.text })
      expect((await client.call('get_product_details', { offer_id: '700000000002' })).text).toContain('2')
      expect((await client.call('get_usage', {})).structured).toMatchObject({ own_offers_max: 2 })
      await client.close()
      const prune = async (ids: number[]) =>
        JSON.parse((await send(cam, rowsOf(ids, '2'), { prune: 'true' })).text).data
      // Too many even without those that the sheet lacks, so these stay.
      expect(await prune([4, 5, 6])).toMatchObject({ offers: 0, left_out: 3, missing: 2, pruned: 0 })
      expect(await prune([2, 4])).toMatchObject({ offers: 2, left_out: 0, added: 1, missing: 1, pruned: 1 })
      expect(await prune([5, 6])).toMatchObject({ offers: 2, added: 2, missing: 2, pruned: 2, own_offers: 2 })
    })

    it('shows the pictures that were sent with it, by the names in its rows, and prunes what it lacks', async () => {
      const { stdout } = await runInProcess(['keys', 'add', '--name', 'Dee', '--allow', 'import'], dir.path)
      const dee = { text: /m1688_\S+/.exec(stdout)?.[0] ?? '' }
      await send(dee, [OWN_ID, OTHER_ID].map(id => `${id},Dee cup,${PICTURE},1`).join('\n'))
      const pictures = {
        one: new File([new Uint8Array(await drawnGood(3))], 'Photos/Lamp.png'),
        two: new File(['no picture'], 'text.png'),
        three: new File([new Uint8Array(await drawnGood(4))], 'unnamed.png'),
      }
      const rows = [`${SENT_ID},Lamp,photos\\lamp.png,1`, '70000000011,Text,text.png,1', '70000000012,Ring,ring.png,1']
      const { text } = await send(dee, rows.join('\n'), { ...pictures, prune: 'true' })
      expect(JSON.parse(text).data).toMatchObject({
        imported: true,
        offers: 1,
        left_out: 2,
        missing: 2,
        pruned: 0,
        rows: [{ picture: 'from the sheet' }],
        left_out_rows: [
          { line: 3, reason: 'A picture could not be read: The file is text, which is not supported.' },
          { line: 4, reason: 'Picture was not sent with the sheet: "ring.png".' },
        ],
        next: expect.stringContaining('No offer was removed, since rows were left out'),
        unused_pictures: 1,
        unused_picture_names: ['unnamed.png'],
      })
      const again = JSON.parse((await send(dee, rows[0] ?? '', { ...pictures, prune: 'true' })).text)
      // The picture is there to be compared although its file is deleted.
      expect(again.data).toMatchObject({
        offers: 1,
        unchanged: 1,
        missing: 2,
        pruned: 2,
        own_offers: 1,
        own_compared: 1,
      })
      expect((await ana.client.call('get_product_details', { offer_id: OWN_ID })).isError).toBe(false)
    })

    it('names no file of the server, however it is written', async () => {
      const there = path.join(dir.path, 'Ana.png')
      const spellings = [
        there,
        'Ana.png',
        './Ana.png',
        `file://${there}`,
        `FILE:${there}`,
        `..${there}`,
        `\\\\host${there}`,
      ]
      const { status, text } = await send(
        ana,
        spellings.map((picture, index) => `${LISTED_ID.slice(0, -1)}${index},Cup,${picture},1`).join('\n'),
      )
      expect([status, JSON.parse(text)]).toMatchObject([200, { data: { offers: 0, left_out: spellings.length } }])
      expect(text).not.toContain('/mcp-1688-upload')
    })
  })

  it('an address of a picture ends with the key that it was made for', async () => {
    const { structured } = await ben.client.call('get_product_details', { offer_id: OWN_ID })
    const [address] = z.array(z.string()).parse(structured?.images)
    expect((await fetch(String(address))).status).toBe(200)
    await runInProcess(['keys', 'revoke', ben.keyId], dir.path)
    expect((await fetch(String(address))).status).toBe(404)
  })

  it('--for names an account or all', async () => {
    const { exitCode, stderr } = await runInProcess(['catalogue', 'stats', '--for', 'Ana'], dir.path)
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('neither "all" nor an account')])
  })

  it('a key that is revoked to be forgotten leaves nothing, and the others keep theirs', async () => {
    const { stdout } = await runInProcess(['keys', 'revoke', ben.keyId, '--forget'], dir.path)
    expect(stdout).toMatch(/^Deleted: 2 imported offers, 1 watched\.$/m)
    const ids = async ({ keyId }: Holder) =>
      (await runInProcess(['catalogue', 'export', '--for', keyId, '--source', 'import'], dir.path)).stdout
    expect(await ids(ana)).toContain('Ana cup')
    expect(await ids(ben)).not.toContain('Ben cup')
    expect((await runInProcess(['keys', 'revoke', ben.keyId, '--forget', '--json'], dir.path)).stdout).toContain(
      '"offers": 0',
    )
  })
})
