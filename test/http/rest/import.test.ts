/** POST /catalogue/import, and what attackers make of it. */
import { existsSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ImportRequest } from '../../../src/use-cases/catalogue/import-offers.ts'
import { addKey, connectRaw, startService, type TestService } from '../service.ts'
import { createStubServices } from '../stub-services.ts'

const MAX_MB = 1
const SHEET = 'title,image\nCup,https://example.com/a.jpg\n'

interface Received extends Pick<ImportRequest, 'map' | 'rates'> {
  text: string
  file: string
  keep: boolean
}

describe('POST /catalogue/import', () => {
  let tested: TestService
  let key: string
  let other: string
  let received: Received[] = []
  let hold: Promise<void> | null = null

  beforeAll(async () => {
    const stub = createStubServices()
    const importOffers: typeof stub.importOffers = async (request, call) => {
      const { sheet, map, rates } = request
      if (sheet.kind !== 'upload') throw new Error('not sent')
      const text = readFileSync(sheet.file, 'utf8')
      received.push({ text, file: sheet.file, keep: sheet.keep, map, rates })
      await hold
      return stub.importOffers(request, call)
    }
    const services = { ...stub, importOffers }
    // The time in which a body must arrive is shorter than in service.
    const limits = { headersTimeout: 700, requestTimeout: 700, connectionsCheckingInterval: 50 }
    tested = await startService({ services, limits, config: { importMax: MAX_MB } })
    key = (await addKey(tested.dir, { rights: ['import'] })).text
    other = (await addKey(tested.dir, { rights: ['import'] })).text
  })
  afterAll(() => tested.close())
  beforeEach(() => {
    received = []
    hold = null
  })

  const send = (body: FormData | string, headers: Record<string, string> = {}) =>
    fetch(`${tested.url}/catalogue/import`, { method: 'POST', headers: { 'x-api-key': key, ...headers }, body })
  const form = (fields: Record<string, string> = {}, text = SHEET, name = 'offers.csv') => {
    const data = new FormData()
    for (const [field, value] of Object.entries(fields)) data.set(field, value)
    data.set('sheet', new Blob([text]), name)
    return data
  }
  const failure = async (answer: Response) => [answer.status, JSON.stringify(await answer.json())]

  it('reads a sheet and its fields, and deletes it when the answer is there', async () => {
    const answer = await send(form({ map: 'Unit=price', rates: 'USD=7.1' }))
    expect([answer.status, await answer.json()]).toEqual([200, expect.objectContaining({ status: 'success' })])
    expect(received).toMatchObject([{ text: SHEET, keep: true, map: 'Unit=price', rates: 'USD=7.1' }])
    expect((await send(form({ dry_run: 'true' }))).status).toBe(200)
    expect(received.map(({ keep }) => keep)).toEqual([true, false])
    expect(received.some(({ file }) => existsSync(file))).toBe(false)
  })

  it('uses nothing of the name of the file', async () => {
    await send(form({}, SHEET, '../../../etc/cron.d/x'))
    expect(received[0]?.file).toMatch(/mcp-1688-upload-\w+.sheet$/)
  })

  it('needs a key with the right import, and GET is refused', async () => {
    const { text } = await addKey(tested.dir, { rights: ['metrics'] })
    expect(await failure(await send(form(), { 'x-api-key': text }))).toEqual([403, expect.stringContaining('import')])
    expect((await send(form(), { 'x-api-key': '' })).status).toBe(401)
    expect((await fetch(`${tested.url}/catalogue/import`, { headers: { 'x-api-key': key } })).status).toBe(405)
    expect(received).toEqual([])
  })

  it.each<[why: string, headers: Record<string, string>]>([
    ['another origin', { origin: 'https://evil.example' }],
    ['another site', { 'sec-fetch-site': 'cross-site' }],
  ])('a page of %s cannot send one', async (_why, headers) => {
    expect((await send(form(), headers)).status).toBe(403)
    expect(received).toEqual([])
  })

  it('a body over the limit is refused, announced or not, and leaves no file', async () => {
    const large = form({}, 'x'.repeat(MAX_MB * 1_000_000))
    expect(await failure(await send(large))).toEqual([413, expect.stringContaining('limit of 1 MB')])
    const part = '--b\r\ncontent-disposition: form-data; name="sheet"; filename="a.csv"\r\n\r\n'
    const connection = connectRaw(tested.port)
    connection.send(
      `POST /catalogue/import HTTP/1.1\r\nhost: 127.0.0.1:${tested.port}\r\nx-api-key: ${key}\r\ntransfer-encoding: chunked\r\ncontent-type: multipart/form-data; boundary=b\r\n\r\n`,
    )
    const chunk = part + 'x'.repeat(MAX_MB * 1_000_000)
    connection.send(`${chunk.length.toString(16)}\r\n${chunk}\r\n`)
    expect(await connection.closed).toContain('413')
    expect(received).toEqual([])
  })

  it.each<[what: string, body: () => FormData | string, headers: Record<string, string>, status: number]>([
    ['no file', () => form({ dry_run: 'yes' }), {}, 400],
    ['an unknown field', () => form({ owner: 'key:00000000' }), {}, 400],
    ['two files', () => withSecondFile(), {}, 413],
    ['JSON', () => '{}', { 'content-type': 'application/json' }, 400],
    ['half a form', () => '--b\r\n', { 'content-type': 'multipart/form-data; boundary=b' }, 400],
  ])('%s is refused with what to send', async (_what, body, headers, status) => {
    expect(await failure(await send(body(), headers))).toEqual([status, expect.stringContaining('hint')])
    expect(received).toEqual([])
  })

  function withSecondFile(): FormData {
    const data = form()
    data.set('second', new Blob(['x']), 'b.csv')
    return data
  }

  it('one import of a key runs at a time; another key need not wait', async () => {
    let release = (): void => undefined
    hold = new Promise(resolve => {
      release = resolve
    })
    const first = send(form())
    await expect.poll(() => received.length).toBe(1)
    const second = await send(form())
    expect([second.status, second.headers.get('retry-after')]).toEqual([429, '10'])
    const others = send(form(), { 'x-api-key': other })
    await expect.poll(() => received.length).toBe(2)
    release()
    expect([(await first).status, (await others).status]).toEqual([200, 200])
    expect((await send(form())).status).toBe(200)
  })

  it('a slow upload ends, and the key can import again', async () => {
    const connection = connectRaw(tested.port)
    connection.send(
      `POST /catalogue/import HTTP/1.1\r\nhost: 127.0.0.1:${tested.port}\r\nx-api-key: ${key}\r\ncontent-length: 5000\r\ncontent-type: multipart/form-data; boundary=b\r\n\r\n--b\r\n`,
    )
    expect(await connection.closed).toMatch(/^(?:HTTP\/1.1 408|$)/)
    await expect.poll(async () => (await send(form())).status).toBe(200)
  })
})
