/** Servers as they are: wrong types, packed bodies, long headers, refusals. */
import type { ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { asAppError } from '../../src/errors.ts'
import { createPictureReader } from '../../src/pictures/reader.ts'
import { listenOnLoopback } from '../support/loopback.ts'
import { TINY_PNG } from '../support/picture-server.ts'
import { type Asked, type ScriptedServer, startScriptedServer } from '../support/scripted-server.ts'
import { SELF_SIGNED } from '../support/self-signed.ts'

const JPEG_START = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]), Buffer.from('JFIF\0')])
const URL_OF_PICTURE = 'http://shop.example.com/a.jpg'

let server: ScriptedServer | undefined
afterEach(() => server?.close())

async function read(answer: (asked: Asked, response: ServerResponse) => void, maxBytes = 1_000_000) {
  server = await startScriptedServer(answer, undefined, { maxBytes })
  const picture = await server.reader.read(URL_OF_PICTURE).catch(asAppError)
  return 'bytes' in picture ? Buffer.from(picture.bytes) : picture
}

describe('the first bytes decide', () => {
  it.each(['text/plain', 'text/html', 'application/json', 'application/pdf', 'video/mp4', ''])(
    'on a JPEG sent as %j',
    async type => {
      expect(
        await read((_asked, response) => response.writeHead(200, { 'content-type': type }).end(JPEG_START)),
      ).toEqual(JPEG_START)
    },
  )

  it('on a page sent as a JPEG', async () => {
    const page = '<!DOCTYPE html><html><head><title>x</title></head><body></body></html>'
    const answer = await read((_asked, response) => response.writeHead(200, { 'content-type': 'image/jpeg' }).end(page))
    expect(answer).toMatchObject({
      code: 'picture_unreadable',
      message: expect.stringContaining('names no main picture'),
    })
  })
})

describe('a packed body', () => {
  const pack = { gzip: gzipSync, 'x-gzip': gzipSync, br: brotliCompressSync, deflate: deflateSync }

  it.each(Object.entries(pack))('in %s is unpacked', async (encoding, by) => {
    expect(
      await read((_asked, response) => response.writeHead(200, { 'content-encoding': encoding }).end(by(TINY_PNG))),
    ).toEqual(TINY_PNG)
  })

  it('packed twice is unpacked', async () => {
    const body = gzipSync(brotliCompressSync(TINY_PNG))
    expect(
      await read((_asked, response) => response.writeHead(200, { 'content-encoding': 'br, gzip' }).end(body)),
    ).toEqual(TINY_PNG)
  })

  it('that ends early is what came', async () => {
    const body = gzipSync(Buffer.concat([TINY_PNG, Buffer.alloc(100_000, 'x')]))
    const picture = await read((_asked, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(body.subarray(0, -12)),
    )
    expect(Buffer.isBuffer(picture) && picture.subarray(0, TINY_PNG.length).equals(TINY_PNG)).toBe(true)
  })

  it('is limited by what it unpacks to', async () => {
    const bomb = gzipSync(Buffer.concat([JPEG_START, Buffer.alloc(50_000_000)]))
    expect(bomb.length).toBeLessThan(100_000)
    expect(
      await read((_asked, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb)),
    ).toMatchObject({ code: 'picture_unreadable', message: expect.stringContaining('1 MB') })
  })

  it.each([
    ['gzip', TINY_PNG, /cannot be unpacked/],
    ['br', TINY_PNG, /cannot be unpacked/],
    ['compress', TINY_PNG, /packed the picture in a way that is not supported/],
  ])('that is not %s is reported', async (encoding, body, message) => {
    expect(
      await read((_asked, response) => response.writeHead(200, { 'content-encoding': encoding }).end(body)),
    ).toMatchObject({ code: 'picture_unreachable', retryable: false, message: expect.stringMatching(message) })
  })
})

describe('headers', () => {
  const withHeaders = (bytes: number) => (_asked: Asked, response: ServerResponse) => {
    const cookies = Array.from({ length: bytes / 1_000 }, (_, index) => `c${index}=${'x'.repeat(980)}`)
    response.writeHead(200, { 'set-cookie': cookies }).end(TINY_PNG)
  }

  it.each([20_000, 60_000])('of %i bytes are read', async bytes =>
    expect(await read(withHeaders(bytes))).toEqual(TINY_PNG),
  )

  it('of 100 kB are reported', async () =>
    expect(await read(withHeaders(100_000))).toMatchObject({
      code: 'picture_unreachable',
      retryable: false,
      message: expect.stringContaining('64 kB'),
    }))
})

describe('a site that refuses programs', () => {
  const forBrowsers = ({ headers }: Asked, response: ServerResponse) =>
    /Mozilla/.test(headers['user-agent'] ?? '') ? response.end(TINY_PNG) : response.writeHead(403).end('no')

  it('is asked once more as a browser', async () => {
    expect(await read(forBrowsers)).toEqual(TINY_PNG)
    expect(server?.asked.map(({ headers }) => headers['user-agent']?.split('/')[0])).toEqual(['mcp-1688', 'Mozilla'])
  })

  it('is asked as a browser after a redirect, too', async () => {
    expect(
      await read((asked, response) =>
        asked.address.endsWith('/a.jpg')
          ? response.writeHead(302, { location: 'http://cdn.example.com/b.jpg' }).end()
          : forBrowsers(asked, response),
      ),
    ).toEqual(TINY_PNG)
  })

  it.each(['refuses all', 'wants a Referer'])('and %s is named as such, and no Referer is made up', async how => {
    const answer = await read(({ headers }, response) =>
      how === 'wants a Referer' && headers.referer !== undefined
        ? response.end(TINY_PNG)
        : response.writeHead(403).end(),
    )
    expect(answer).toMatchObject({
      code: 'picture_unreachable',
      retryable: false,
      message: "The picture's server refuses programs (status 403).",
      hint: expect.stringContaining('Save the picture in a browser and pass the file'),
    })
    expect(server?.asked).toHaveLength(2)
    expect(
      server?.asked.filter(({ headers }) => headers.referer !== undefined || headers.cookie !== undefined),
    ).toEqual([])
  })
})

it.each(['image/jpeg', '*/*'])('a server that answers 406 unless %s is accepted sends the picture', async type => {
  expect(
    await read(({ headers }, response) =>
      (headers.accept ?? '').split(/[,;]/).includes(type) ? response.end(TINY_PNG) : response.writeHead(406).end(),
    ),
  ).toEqual(TINY_PNG)
})

it('an untrusted certificate is named, and trying again is not advised', async () => {
  const tls = createTlsServer(SELF_SIGNED, (_request, response) => response.end(TINY_PNG))
  const { port, close } = await listenOnLoopback(tls)
  const reader = createPictureReader({ sampleDir: 'none', allowFiles: false, allow: [`localhost:${port}`] })
  await expect(reader.read(`https://localhost:${port}/a.png`)).rejects.toMatchObject({
    code: 'picture_unreachable',
    retryable: false,
    message: expect.stringMatching(/certificate of the picture's server is not trusted \(\w+\)/),
  })
  await reader.close()
  await close()
})
