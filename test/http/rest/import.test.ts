/** POST /catalogue/import, and what attackers make of it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import * as z from 'zod'
import { readForm } from '../../../src/http/rest/body/form.ts'
import { withReceivedForm } from '../../../src/http/rest/import/receive.ts'
import type { ImportRequest } from '../../../src/use-cases/catalogue/import-offers.ts'
import { addKey, connectRaw, startService, type TestService } from '../service.ts'
import { createStubServices } from '../stub-services.ts'

const MAX_MB = 1
const SHEET = 'title,image\nCup,https://example.com/a.jpg\n'

interface Received extends Pick<ImportRequest, 'map' | 'rates'> {
  text: string
  file: string
  keep: boolean
  prune: boolean
  /** The content of each, by name. */
  pictures: Record<string, string>
  pictureFiles: string[]
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
      const { file, keep, prune } = sheet
      const pictures = Object.fromEntries(
        Array.from(sheet.pictures, ([name, each]) => [name, readFileSync(each, 'utf8')]),
      )
      const pictureFiles = [...sheet.pictures.values()]
      received.push({ text: readFileSync(file, 'utf8'), file, keep, prune, map, rates, pictures, pictureFiles })
      await hold
      return stub.importOffers(request, call)
    }
    const services = { ...stub, importOffers }
    // The time in which a body must arrive is shorter than in service.
    const limits = { headersTimeout: 700, requestTimeout: 700, connectionsCheckingInterval: 50 }
    tested = await startService({ services, limits, config: { importMax: MAX_MB } })
    for (const name of ['TMPDIR', 'TEMP']) vi.stubEnv(name, tested.dir.path)
    key = (await addKey(tested.dir, { rights: ['import'] })).text
    other = (await addKey(tested.dir, { rights: ['import'] })).text
  })
  afterAll(async () => {
    vi.unstubAllEnvs()
    await tested.close()
  })
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
  const leftFolders = () => readdirSync(tested.dir.path).filter(name => name.startsWith('mcp-1688-upload'))
  const failure = async (answer: Response) => [answer.status, JSON.stringify(await answer.json())]

  it('reads a sheet and its fields, and deletes it when the answer is there', async () => {
    const answer = await send(form({ map: 'Unit=price', rates: 'USD=7.1' }))
    expect([answer.status, await answer.json()]).toEqual([200, expect.objectContaining({ status: 'success' })])
    expect(received).toMatchObject([{ text: SHEET, keep: true, prune: false, map: 'Unit=price', rates: 'USD=7.1' }])
    expect((await send(form({ dry_run: 'true', prune: 'true' }))).status).toBe(200)
    expect(received.map(({ keep, prune }) => [keep, prune])).toEqual([
      [true, false],
      [false, true],
    ])
    expect(received.some(({ file }) => existsSync(path.dirname(file)))).toBe(false)
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
    await expect.poll(leftFolders).toEqual([])
  })

  it.each<[what: string, body: () => FormData | string, headers: Record<string, string>, status: number]>([
    ['no file', () => form({ dry_run: 'yes' }), {}, 400],
    ['an unknown field', () => form({ owner: 'key:00000000' }), {}, 400],
    ['two sheets', () => withFiles([['second', 'b.csv', 'x']]), {}, 413],
    ['two pictures of one name', () => withFiles(['a.jpg', 'A.JPG'].map(name => ['pictures', name, 'x'])), {}, 400],
    ['a thousand pictures and one', () => withFiles(manyPictures(1_001)), {}, 413],
    ['a picture that is cut off', () => CUT_OFF, { 'content-type': 'multipart/form-data; boundary=b' }, 400],
    ['JSON', () => '{}', { 'content-type': 'application/json' }, 400],
    ['half a form', () => '--b\r\n', { 'content-type': 'multipart/form-data; boundary=b' }, 400],
  ])('%s is refused with what to send', async (_what, body, headers, status) => {
    expect(await failure(await send(body(), headers))).toEqual([status, expect.stringContaining('hint')])
    expect(received).toEqual([])
    expect(leftFolders()).toEqual([])
  })

  const CUT_OFF = ['sheet', 'pictures']
    .map(name => `--b\r\ncontent-disposition: form-data; name="${name}"; filename="a"\r\n\r\nabc\r\n`)
    .join('')

  function withFiles(files: [field: string, name: string, content: string][]): FormData {
    const data = form()
    for (const [field, name, content] of files) data.append(field, new Blob([content]), name)
    return data
  }

  function manyPictures(count: number): [string, string, string][] {
    return Array.from({ length: count }, (_, index) => ['pictures', `${index}.jpg`, String(index)])
  }

  it('takes many pictures beside the sheet, by the names they were sent with, and deletes them all', async () => {
    expect((await send(withFiles(manyPictures(100)))).status).toBe(200)
    const [{ pictures = {}, pictureFiles = [] } = {}] = received
    expect(Object.keys(pictures)).toHaveLength(100)
    expect(Object.entries(pictures).every(([name, content]) => name === `${content}.jpg`)).toBe(true)
    expect(pictureFiles.some(existsSync)).toBe(false)
  })

  it('takes the field of a page in which no picture was chosen for none', async () => {
    expect((await send(withFiles([['pictures', '', '']]))).status).toBe(200)
    expect(received).toMatchObject([{ pictureFiles: [] }])
  })

  it.each([
    ['an import', (request: IncomingMessage) => withReceivedForm(request, 1_000, async () => null)],
    ['any form', (request: IncomingMessage) => readForm(request, 1_000)],
  ])('%s ends whose caller left before it was read', async (_what, read) => {
    const request = new IncomingMessage(new Socket())
    request.headers['content-type'] = 'multipart/form-data; boundary=b'
    request.destroy()
    await expect(read(request)).rejects.toThrow('disconnected')
  })

  it('makes no path of the name of a picture', async () => {
    const names = ['../../etc/cron.d/x', '/etc/passwd', '.\\Photos\\Cup.JPG', '__proto__', 'C:\\a.jpg', '名 称.jpg']
    expect((await send(withFiles(names.map(name => ['pictures', name, name])))).status).toBe(200)
    const [{ pictures = {}, pictureFiles = [] } = {}] = received
    expect(Object.keys(pictures).sort()).toEqual(
      ['../../etc/cron.d/x', '/etc/passwd', '__proto__', 'c:/a.jpg', 'photos/cup.jpg', '名 称.jpg'].sort(),
    )
    expect(pictureFiles.map(file => path.basename(file))).toEqual(names.map((_, index) => `picture-${index}`))
  })

  it('describes itself in the OpenAPI document', async () => {
    const schema = z.object({ schema: z.looseObject({}) })
    const operation = z.object({
      requestBody: z.object({
        content: z.object({
          'multipart/form-data': z.object({ schema: z.looseObject({ properties: z.looseObject({}) }) }),
        }),
      }),
      responses: z.object({ 200: z.object({ content: z.object({ 'application/json': schema }) }) }),
    })
    const { paths } = z
      .object({ paths: z.object({ '/catalogue/import': z.object({ post: operation }) }) })
      .parse(await (await fetch(`${tested.url}/openapi.json`)).json())
    const { requestBody, responses } = paths['/catalogue/import'].post
    expect(Object.keys(requestBody.content['multipart/form-data'].schema.properties)).toEqual([
      'sheet',
      'pictures',
      'map',
      'rates',
      'sheet_name',
      'encoding',
      'dry_run',
      'prune',
    ])
    const answer = z.fromJSONSchema(responses[200].content['application/json'].schema)
    expect(answer.safeParse(await (await send(form())).json()).error).toBeUndefined()
  })

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
