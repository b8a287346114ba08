import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPictureReader, type PictureReaderOptions } from '../../src/pictures/reader.ts'
import { createPictureServer, type PictureServer, TINY_PNG } from '../support/picture-server.ts'
import { createStubNetwork } from '../support/stub-network.ts'

let server: PictureServer
let other: PictureServer
beforeAll(async () => {
  server = await createPictureServer()
  other = await createPictureServer()
})
afterAll(() => Promise.all([server.close(), other.close()]))

/** Reads one path of the server and closes all connections. */
async function read(path: string, options: Partial<PictureReaderOptions> = {}, signal?: AbortSignal) {
  const source = createPictureReader({
    sampleDir: 'none',
    allowFiles: false,
    allow: [server.host],
    ...options,
  })
  try {
    return await source.read(server.origin + path, signal)
  } finally {
    await source.close()
    await server.allClosed()
  }
}

describe('fetching', () => {
  it('returns the bytes, their hash and the URL', async () => {
    const { bytes, sha256, label } = await read('/picture.png?token=1')
    expect(Buffer.from(bytes)).toEqual(TINY_PNG)
    expect(sha256).toMatch(/^[0-9a-f]{64}$/)
    expect(label).toBe(`${server.origin}/picture.png?token=1`)
  })

  it.each([
    [400, false, /Check the URL/],
    [401, false, /Check the URL/],
    [404, false, /Check the URL/],
    [410, false, /Check the URL/],
    [429, true, /Try again/],
    [500, true, /Try again/],
    [503, true, /Try again/],
    [304, false, /Check the URL/],
  ])('reports status %i without the body', async (status, retryable, hint) => {
    const error: unknown = await read(`/status/${status}`).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'picture_unreachable', retryable, hint: expect.stringMatching(hint) })
    expect(error).toMatchObject({ message: `The picture's server returned status ${status} instead of a picture.` })
    expect(JSON.stringify(error)).not.toContain('SECRET')
  })

  it.each(['text/html', 'image/png', 'application/octet-stream', ''])('reports a web page sent as %j', async type => {
    await expect(read(`/type?is=${encodeURIComponent(type)}`)).rejects.toMatchObject({
      code: 'picture_unreadable',
      message: expect.stringContaining('a web page'),
    })
  })

  it.each(['/huge', '/huge-chunked'])('stops at the size limit (%s)', async path => {
    await expect(read(path)).rejects.toMatchObject({
      code: 'picture_unreadable',
      message: expect.stringContaining('25 MB'),
    })
  })

  it('accepts a file of exactly the size limit and rejects one byte more', async () => {
    expect(await read('/picture.png', { maxBytes: TINY_PNG.length })).toMatchObject({ bytes: expect.any(Uint8Array) })
    await expect(read('/picture.png', { maxBytes: TINY_PNG.length - 1 })).rejects.toMatchObject({
      code: 'picture_unreadable',
    })
  })

  it.each(['/drip', '/silence'])('stops at the time limit (%s)', async path => {
    const began = performance.now()
    await expect(read(path, { timeoutMs: 150 })).rejects.toMatchObject({
      code: 'picture_unreachable',
      retryable: true,
      message: 'The picture did not arrive within 0.15 seconds.',
    })
    expect(performance.now() - began).toBeLessThan(5000)
  })

  it.each(['/reset', '/short', '/garbage'])('reports a server that closes the connection early (%s)', async path => {
    await expect(read(path)).rejects.toMatchObject({ code: 'picture_unreachable', retryable: true })
  })

  it('reports a server that cannot be reached', async () => {
    const gone = await createPictureServer()
    await gone.close()
    const source = createPictureReader({ sampleDir: 'none', allowFiles: false, allow: [gone.host] })
    await expect(source.read(gone.origin)).rejects.toMatchObject({ code: 'picture_unreachable', retryable: true })
    await source.close()
  })

  it('reports a host name that does not exist', async () => {
    const source = createPictureReader({ sampleDir: 'none', allowFiles: false, ...createStubNetwork({}) })
    await expect(source.read('https://exmaple.com/a.png')).rejects.toMatchObject({
      code: 'picture_unreachable',
      retryable: false,
      message: expect.stringContaining('does not exist'),
    })
    await source.close()
  })
})

describe('redirects', () => {
  it.each([0, 1, 4, 5])('are followed %i times', async count => {
    expect(await read(`/countdown/${count}`)).toMatchObject({ bytes: expect.any(Uint8Array) })
  })

  it.each(['/countdown/6', '/loop'])('are refused after the fifth (%s)', async path => {
    await expect(read(path)).rejects.toMatchObject({
      code: 'picture_refused',
      message: expect.stringContaining('5 times'),
    })
  })

  it('are not held up by an endless body', async () => {
    expect(await read('/redirect-endless')).toMatchObject({ bytes: expect.any(Uint8Array) })
  })

  it('are refused from an allowed host to a forbidden one on the same machine', async () => {
    const before = other.seen.length
    await expect(read(`/redirect?to=${other.origin}/`)).rejects.toMatchObject({ code: 'picture_refused' })
    expect(other.seen.length).toBe(before)
  })

  it('are not followed without a target or with another status', async () => {
    await expect(read('/redirect?to=/x&status=304')).rejects.toMatchObject({ code: 'picture_unreachable' })
    await expect(read('/status/302')).rejects.toMatchObject({ code: 'picture_unreachable' })
  })
})

describe('aborting a fetch', () => {
  it('closes the connection midway', async () => {
    const controller = new AbortController()
    const reading = read('/drip', {}, controller.signal)
    await expect.poll(() => server.seen.at(-1)?.url, { timeout: 5000 }).toBe('/drip')
    controller.abort()
    await expect(reading).rejects.toMatchObject({ code: 'cancelled' })
    expect(server.openSockets()).toBe(0)
  })

  it('sends nothing if aborted before the start', async () => {
    const before = server.seen.length
    await expect(read('/picture.png', {}, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' })
    expect(server.seen.length).toBe(before)
  })
})

describe('1688 photos', () => {
  const ask = async (path: string, preferSmall: boolean) => {
    const network = createStubNetwork({ 'cbu01.alicdn.com': [['93.184.215.14']] }, server.port)
    const source = createPictureReader({ sampleDir: 'none', allowFiles: false, ...network })
    const from = server.seen.length
    const { label } = await source
      .read(`https://cbu01.alicdn.com${path}`, undefined, { preferSmall })
      .finally(source.close)
    expect(label).toBe(`https://cbu01.alicdn.com${path}`)
    return server.seen.slice(from).map(({ url }) => url)
  }

  it('are fetched small for the catalogue and in full for a query', async () => {
    expect(await ask('/a.jpg', true)).toEqual(['/a.220x220.jpg'])
    expect(await ask('/a.jpg', false)).toEqual(['/a.jpg'])
  })

  it('are fetched in full if there is no small copy', async () => {
    expect(await ask('/only-original/a.jpg', true)).toEqual(['/only-original/a.220x220.jpg', '/only-original/a.jpg'])
  })

  it('are requested once if the URL already has a size', async () => {
    await expect(ask('/status/404/a.310x310.jpg', true)).rejects.toMatchObject({ code: 'picture_unreachable' })
    expect(server.seen.at(-1)?.url).toBe('/status/404/a.310x310.jpg')
  })
})
