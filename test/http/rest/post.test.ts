/** POST on the REST endpoints: JSON and forms, and what attackers make of them. */
import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CallOptions } from '../../../src/upstream-calls/call-options.ts'
import type { ImageSearch } from '../../../src/use-cases/search/search-by-image.ts'
import { addKey, firstLine, startService, type TestService } from '../service.ts'
import { createStubServices } from '../stub-services.ts'

const KIB = 1024
const PICTURE = 'https://example.com/a.jpg'
const BOUNDARY = 'frontier'
const FORM_TYPE = { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` }

/** A part of a form, written by hand. */
function part(headers: string, body: string): string {
  return `--${BOUNDARY}\r\n${headers}\r\n\r\n${body}\r\n`
}

const END = `--${BOUNDARY}--\r\n`
const fileNamed = (name: string, body = 'bytes', field = 'image') =>
  part(`Content-Disposition: form-data; name="${field}"; filename="${name}"`, body)
const field = (name: string, value: string) => part(`Content-Disposition: form-data; name="${name}"`, value)

describe('POST', () => {
  let tested: TestService
  let asked: ImageSearch[] = []
  beforeAll(async () => {
    const stub = createStubServices()
    const { searchByImage } = stub
    const services = Object.assign(stub, {
      searchByImage: (request: ImageSearch, call: CallOptions) => {
        asked.push(request)
        return searchByImage(request, call)
      },
    })
    const limits = { headersTimeout: 500, requestTimeout: 1_500, connectionsCheckingInterval: 50 }
    tested = await startService({ services, limits })
  })
  afterAll(() => tested.close())

  const post = async (path: string, body: string | FormData, headers: Record<string, string> = {}) => {
    asked = []
    const answer = await fetch(`${tested.url}${path}`, { method: 'POST', body, headers })
    return { status: answer.status, body: await answer.text(), headers: answer.headers }
  }
  const json = (path: string, body: unknown) =>
    post(path, typeof body === 'string' ? body : JSON.stringify(body), { 'content-type': 'application/json' })
  const form = (...parts: string[]) => post('/search_by_image', [...parts, END].join(''), FORM_TYPE)

  describe('with JSON', () => {
    it('answers as GET does', async () => {
      const get = await fetch(
        `${tested.url}/search_by_image?image_url=${encodeURIComponent(PICTURE)}&page=2&page_size=3`,
      )
      const answer = await json('/search_by_image', { image_url: PICTURE, page: 2, page_size: 3 })
      expect([answer.status, answer.body]).toEqual([200, await get.text()])
      expect(answer.headers.get('x-credits-charged')).toBe('1')
      const details = await json('/get_product_details', { offer_id: 7000000001 })
      expect(details.status).toBe(200)
      expect(details.body).toContain('"min_price":"2.88"')
    })

    it('takes further photos, what the call may spend, and pictures of some megabytes', async () => {
      const more = [PICTURE, 'sample:dress-03.webp']
      await json('/search_by_image', { image_url: '10203', more_image_urls: more, max_credits: 2, page: '2' })
      expect(asked).toMatchObject([{ image: '10203', moreImages: more, maxCredits: 2, page: 2 }])
      const picture = `data:image/png;base64,${'A'.repeat(3 * KIB * KIB)}`
      expect((await json('/search_by_image', { image_url: picture })).status).toBe(200)
      expect(asked[0]?.image).toBe(picture)
    })

    it.each([
      ['no picture', '/search_by_image', {}, 400, 'image_url is missing'],
      ['another name', '/search_by_image', { imageurl: PICTURE }, 400, 'did you mean image_url'],
      ['a list', '/search_by_image', [1, 2], 400, 'must be a JSON object'],
      ['no JSON', '/search_by_image', '{"image_url":', 400, 'not valid JSON'],
      ['nothing', '/get_product_details', '', 400, 'no body'],
      ['deep JSON', '/search_by_image', '['.repeat(5_000), 413, 'nested more than 32 levels'],
      ['five long texts', '/search_by_image', JSON.stringify(Array(5).fill('A'.repeat(99 * KIB))), 413, 'long texts'],
      ['a long ID', '/get_product_details', { offer_id: 'A'.repeat(300 * KIB) }, 413, 'larger than 256 KiB'],
    ])('refuses %s in the error envelope', async (_what, path, body, status, words) => {
      const answer = await json(path, body)
      expect(answer.status).toBe(status)
      expect(JSON.parse(answer.body)).toMatchObject({
        error: { message: expect.stringContaining(words), hint: expect.any(String) },
        status_code: status,
      })
    })

    it('refuses other types', async () => {
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'image/jpeg'])
        expect((await post('/search_by_image', 'x', { 'content-type': type })).status).toBe(415)
    })
  })

  describe('with a form', () => {
    it('takes one file, under any name, with the other arguments as fields', async () => {
      const data = new FormData()
      data.set('photo', new Blob([Buffer.from([0xff, 0xd8, 0, 0x0d, 0x0a, 0x2d, 0x2d])]), '../../etc/passwd')
      data.set('page_size', '3')
      data.set('more_image_urls', `${PICTURE}\nhttps://example.com/b.jpg`)
      const answer = await post('/search_by_image', data)
      expect(answer.status).toBe(200)
      expect(answer.body).not.toContain('passwd')
      expect(asked).toMatchObject([
        { image: { kind: 'file' }, moreImages: [PICTURE, 'https://example.com/b.jpg'], pageSize: 3 },
      ])
      const [{ image } = {}] = asked
      expect(typeof image === 'object' && image.kind === 'file' ? Buffer.from(image.bytes).toString('hex') : '').toBe(
        'ffd8000d0a2d2d',
      )
    })

    it('takes one without a file, and a large file', async () => {
      expect((await form(field('image_url', PICTURE))).status).toBe(200)
      expect(asked[0]?.image).toBe(PICTURE)
      const data = new FormData()
      data.set('image', new Blob([Buffer.alloc(24_000_000, 7)]), 'a.jpg')
      expect((await post('/search_by_image', data)).status).toBe(200)
      expect(asked).toMatchObject([{ image: { bytes: expect.objectContaining({ length: 24_000_000 }) } }])
    })

    it.each([
      ['two files', [fileNamed('a.jpg'), fileNamed('b.jpg', 'more', 'other')], 413, 'more than one file'],
      ['an unknown field', [fileNamed('a.jpg'), field('__proto__', '1')], 400, 'Unknown argument'],
      ['a huge field', [field('image_url', 'A'.repeat(17 * KIB))], 413, 'A field of the form is too long'],
      ['many fields', Array.from({ length: 13 }, (_, at) => field(`f${at}`, '1')), 413, 'more than 12 fields'],
      [
        'a nested form',
        [
          part(
            'Content-Disposition: form-data; name="image"\r\nContent-Type: multipart/mixed; boundary=inner',
            '--inner\r\nContent-Disposition: file; filename="a.jpg"\r\n\r\nbytes\r\n--inner--',
          ),
        ],
        400,
        'Unknown argument',
      ],
      ['a part without a name', [part('Content-Type: image/jpeg', 'bytes')], 400, 'image_url is missing'],
      ['endless headers', [part(`X-Long: ${'a'.repeat(200 * KIB)}`, 'bytes')], 400, ''],
      ['an endless list of headers', [part(Array(5_000).fill('X-A: b').join('\r\n'), 'bytes')], 400, ''],
      ['nothing', [], 400, 'image_url is missing'],
    ])('refuses %s', async (_what, parts, status, words) => {
      const answer = await form(...parts)
      expect([answer.status, asked]).toEqual([status, []])
      expect(answer.body).toContain(words)
    })

    it('refuses one without a boundary, with another one, or cut off', async () => {
      const body = fileNamed('a.jpg') + END
      for (const type of [
        'multipart/form-data',
        'multipart/form-data; boundary=',
        'multipart/form-data; boundary=other',
      ])
        expect((await post('/search_by_image', body, { 'content-type': type })).status, type).toBe(400)
      const cut = await post('/search_by_image', body.slice(0, -END.length - 3), FORM_TYPE)
      expect([cut.status, asked]).toEqual([400, []])
      expect(cut.body).toContain('cut off')
    })

    it('refuses a file where none is taken, and one that is too large', async () => {
      const answer = await post('/get_product_details', fileNamed('a.jpg') + END, FORM_TYPE)
      expect([answer.status, answer.body]).toEqual([400, expect.stringContaining('takes no file')])
      expect((await post('/get_product_details', field('offer_id', '7000000001') + END, FORM_TYPE)).status).toBe(200)
      const data = new FormData()
      data.set('image', new Blob([Buffer.alloc(25_000_001)]), 'a.jpg')
      expect((await post('/search_by_image', data)).status).toBe(413)
      const announced = `POST /search_by_image HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${FORM_TYPE['content-type']}\r\nContent-Length: 26000000\r\n\r\n`
      expect(await firstLine(tested.port, announced)).toContain(' 413 ')
    })

    it('refuses one that is shorter or longer than announced', async () => {
      const body = fileNamed('a.jpg') + END
      const send = (length: number) =>
        firstLine(
          tested.port,
          `POST /search_by_image HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${FORM_TYPE['content-type']}\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n${body}`,
        )
      expect(await send(body.length - 20)).toContain(' 400 ')
      expect(await send(body.length + 20)).toContain(' 408 ')
    })

    it('leaves nothing on disk', () =>
      expect(readdirSync(tested.dir.path).filter(name => !name.startsWith('keys.db'))).toEqual([]))
  })

  it('asks for a key before it reads a body, and counts calls on the key', async () => {
    const other = await startService()
    const { text } = await addKey(other.dir, { tier: 'free' })
    const send = (headers: Record<string, string>) =>
      fetch(`${other.url}/search_by_image`, {
        method: 'POST',
        body: fileNamed('a.jpg') + END,
        headers: { ...FORM_TYPE, ...headers },
      })
    expect((await send({})).status).toBe(401)
    expect((await send({ 'x-api-key': text, origin: 'https://evil.example' })).status).toBe(403)
    const answers = []
    for (let call = 0; call < 6; call++) answers.push((await send({ 'x-api-key': text })).status)
    expect(answers).toEqual([200, 200, 200, 200, 200, 429])
    await other.close()
  })
})
