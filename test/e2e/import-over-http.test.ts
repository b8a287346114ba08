/** What a key can do to others, and to the server, by sending sheets: on one running server. */
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import * as z from 'zod'
import { connectOverHttp, type TestClient } from '../support/clients.ts'
import { drawnGood } from '../support/drawn-goods.ts'
import { HOSTILE_SHEETS } from '../support/hostile-sheets.ts'
import { type LocalServe, runInProcess, serveInProcess } from '../support/in-process.ts'
import { createPictureServer, type PictureServer } from '../support/picture-server.ts'
import { makeTempDir, type TempDir } from '../support/program.ts'

/** What a key of the free tier may fetch in a minute. */
const FREE = 5

const PICTURES = 8

describe('sheets sent to serve', () => {
  let dir: TempDir
  let pictures: PictureServer
  let server: LocalServe

  beforeAll(async () => {
    dir = makeTempDir()
    for (const name of ['TMPDIR', 'TEMP']) vi.stubEnv(name, dir.path)
    const goods = await Promise.all(Array.from({ length: PICTURES }, (_, index) => drawnGood(index)))
    pictures = await createPictureServer(Object.fromEntries(goods.map((bytes, index) => [`/${index}.png`, bytes])))
    await addKey('Ana', 'developer')
    server = await serveInProcess(dir.path, { MCP1688_TOOLS: 'all', MCP1688_IMAGE_ALLOW: pictures.host })
  }, 60_000)
  afterAll(async () => {
    vi.unstubAllEnvs()
    await server.close()
    await pictures.close()
    dir.remove()
  })

  async function addKey(name: string, tier: string, ...flags: string[]): Promise<string> {
    const args = ['keys', 'add', '--name', name, '--tier', tier, '--allow', 'import', ...flags]
    const { stdout, stderr } = await runInProcess(args, dir.path)
    const key = /m1688_\S+/.exec(stdout)?.[0]
    if (key === undefined) throw new Error(stderr)
    return key
  }

  async function send(key: string, sheet: Uint8Array<ArrayBuffer> | string, pictures: File[] = []) {
    const body = new FormData()
    body.set('sheet', new Blob([sheet]), 'sheet')
    for (const picture of pictures) body.append('pictures', picture)
    const answer = await fetch(`${server.url}/catalogue/import`, {
      method: 'POST',
      // The server closes an idle connection after some seconds, for which a hostile sheet may hold up this process.
      headers: { 'x-api-key': key, connection: 'close' },
      body,
    })
    return { status: answer.status, body: z.looseObject({}).parse(await answer.json()) }
  }
  const connect = (key: string): Promise<TestClient> =>
    connectOverHttp('v2 client, 2026 wire', `${server.url}/mcp`, { 'x-api-key': key })

  it('fetches the pictures of a key at the rate of its tier, while other keys search and import', async () => {
    const [eve, dan] = [await addKey('Eve', 'free'), await addKey('Dan', 'developer')]
    const row = (name: string, picture: number) =>
      `${name} lamp ${picture},http://${pictures.host}/${picture}.png?for=${name}`
    const sheetOf = (name: string) =>
      ['title,image', ...Array.from({ length: PICTURES }, (_, picture) => row(name, picture))].join('\n')
    const fetchedFor = (name: string) => pictures.seen.filter(({ url }) => url.endsWith(`for=${name}`)).length
    expect((await send(eve, sheetOf('Eve'))).body).toMatchObject({ data: { imported: true, own_offers: PICTURES } })
    await expect.poll(() => fetchedFor('Eve')).toBe(FREE)

    expect((await send(dan, sheetOf('Dan'))).status).toBe(200)
    const [his, hers] = [await connect(dan), await connect(eve)]
    const image_url = `data:image/png;base64,${Buffer.from(await drawnGood(0)).toString('base64')}`
    await expect.poll(() => fetchedFor('Dan')).toBe(PICTURES)
    expect((await his.call('search_by_image', { image_url })).text).toContain('Dan lamp 0')
    // She is told of those that are missing, and does not wait for the rate.
    const answer = await hers.call('search_by_image', { image_url })
    expect(answer.isError, answer.text).toBe(false)
    expect(answer.text).toContain('3 pictures')
    expect(fetchedFor('Eve')).toBe(FREE)
    await his.close()
    await hers.close()
  }, 60_000)

  it('and exports of a key share its room, which both fill and an import of other pictures frees', async () => {
    const room = 100_000
    const key = await addKey('Fay', 'developer', '--storage', '2')
    const client = await connect(key)
    /** Only the first bytes decide what is kept. */
    const picture = (bytes: number) => new File([Buffer.from('\xff\xd8\xff'.padEnd(bytes), 'latin1')], 'a.jpg')
    const SHEET = 'title,image\nJug,a.jpg'
    const exportOffers = () => client.call('export_offers', { offer_ids: ['10001', '10002'], format: 'csv' })
    const folderOf = (text: string) => `key-${text.slice(6, 14)}`
    const usage = async () => (await client.call('get_usage', {})).structured

    expect((await send(key, SHEET, [picture(room - 100)])).body).toMatchObject({ data: { offers: 1 } })
    expect(await usage()).toMatchObject({ own_files: '0.1 of 0.1 MB' })
    expect((await exportOffers()).text).toMatch(
      /This account may have 100 kB of pictures and exports, and has 100 kB; this file has 1 kB\./,
    )
    // Almost all of the room is taken by the picture that this one replaces.
    expect((await send(key, SHEET, [picture(room - 200)])).body).toMatchObject({ data: { offers: 1, changed: 1 } })
    expect(readdirSync(path.join(dir.path, 'sheet-pictures', folderOf(key)))).toHaveLength(1)
    expect((await send(key, SHEET, [picture(100)])).body).toMatchObject({ data: { offers: 1, changed: 1 } })
    // The picture of before is deleted with the next import.
    expect((await send(key, SHEET, [picture(100)])).body).toMatchObject({ data: { offers: 1, unchanged: 1 } })
    expect((await exportOffers()).isError).toBe(false)
    // Without the file of the export, there would be room.
    expect((await send(key, SHEET, [picture(room - 200)])).body).toMatchObject({
      data: {
        offers: 0,
        left_out_rows: [{ reason: expect.stringContaining('100 kB for pictures and exports are used') }],
      },
    })
    await client.close()
  }, 60_000)

  describe('that are hostile', () => {
    const made = new Map(HOSTILE_SHEETS.map(sheet => [sheet.name, sheet]))
    let key: string
    beforeAll(async () => {
      key = await addKey('Mallory', 'developer')
    })

    it.each<[name: string, scale: number, message: RegExp]>([
      ['a text that unpacks to a thousand times its size', 0.2, /too large to be read safely/],
      ['elements that unpack to a thousand times their size', 0.2, /too large to be read safely/],
      ['entities that expand each other', 1, /a damaged spreadsheet/],
      ['an entity that names a file', 1, /a damaged spreadsheet/],
    ])('are refused in a sentence: %s', async (name, scale, message) => {
      const sheet = new Uint8Array(made.get(name)?.make(scale) ?? [])
      const { status, body } = await send(key, sheet)
      expect([status, body]).toEqual([400, { error: expect.anything(), status_code: 400 }])
      expect(body.error).toMatchObject({ message: expect.stringMatching(message) })
      expect(readdirSync(dir.path).filter(each => each.startsWith('mcp-1688-upload'))).toEqual([])
    })

    it('are read row by row where they have a million empty ones, and others are answered meanwhile', async () => {
      const sheet = new Uint8Array(made.get('a million empty rows')?.make(0.1) ?? [])
      let isDone = false
      const importing = send(key, sheet).finally(() => {
        isDone = true
      })
      let answered = 0
      while (!isDone) {
        expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
        answered += 1
      }
      expect((await importing).body).toMatchObject({ data: { imported: true, offers: 1 } })
      expect(answered).toBeGreaterThan(5)
    }, 60_000)
  })
})
