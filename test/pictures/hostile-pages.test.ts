/** Pages that try to make us request, parse or keep what we should not. */
import type { ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { asAppError } from '../../src/errors.ts'
import { createPictureReader } from '../../src/pictures/reader.ts'
import { startScriptedServer } from '../support/scripted-server.ts'

const HOSTS = ['shop.example.com', 'inside.example.com', 'rebind.example.com']
const TIME_LIMIT_MS = 1_000

const og = (address: string) => `<!doctype html><html><head><meta property="og:image" content="${address}">`
const jsonLd = (json: string) => `<!doctype html><html><head><script type="application/ld+json">${json}</script>`
const nested = (open: string, count: number) => `<!doctype html><html><head></head><body>${open.repeat(count)}`
const redirectTo = (address: string) => `http://shop.example.com/redirect?to=${encodeURIComponent(address)}`

/** Addresses that a page names as its picture, none of which may be dialled. */
const ADDRESSES = [
  'file:///etc/passwd',
  'data:image/png;base64,iVBORw0KGgo=',
  'javascript:alert(1)',
  'blob:http://shop.example.com/1',
  'ftp://shop.example.com/a.png',
  'http://169.254.169.254/latest/meta-data/iam',
  'http://metadata.google.internal/computeMetadata/v1/',
  'http://127.0.0.1/a.png',
  '//127.0.0.1:80/a.png',
  'http://localhost/a.png',
  'http://[::1]/a.png',
  'http://[::ffff:10.0.0.1]/a.png',
  'http://2130706433/a.png',
  'http://0x7f.1/a.png',
  'http://168.63.129.16/metadata',
  'http://inside.example.com/a.png',
  'http://shop.example.com:22/a.png',
  'http://user:password@shop.example.com/a.png',
  redirectTo('http://169.254.169.254/latest/'),
  redirectTo('file:///etc/passwd'),
  redirectTo('http://inside.example.com/a.png'),
  redirectTo('http://[fe80::1]/'),
]

const BODIES: Record<string, () => string> = {
  '5 MB of nested divs': () => nested('<div>', 1_000_000),
  '5 MB of nested tables': () => nested('<table><tr><td>', 330_000),
  '5 MB of nested forms and selects': () => nested('<select><form><p>', 290_000),
  '5 MB of one open comment': () => `<!doctype html><html><!--${'-'.repeat(5_000_000)}`,
  '5 MB in one attribute': () => `<!doctype html><html><head><meta content="${'x'.repeat(5_000_000)}"`,
  '5 MB of attributes': () => `<!doctype html><html ${'a=1 '.repeat(1_250_000)}`,
  '5 MB of entities': () => `<!doctype html><title>${'&amp;&#x41;&nbsp'.repeat(300_000)}`,
  '5 MB of < signs': () => `<!doctype html><html>${'<'.repeat(5_000_000)}`,
  '5 MB of closing tags': () => `<!doctype html><html>${'</div>'.repeat(830_000)}`,
  '500 kB of JSON-LD brackets': () => jsonLd('['.repeat(500_000)),
  'nested JSON-LD': () => jsonLd(`${'{"a":'.repeat(30_000)}1${'}'.repeat(30_000)}`),
  '100,000 products in JSON-LD': () => jsonLd(`[${'{"@type":"Product"},'.repeat(9_000)}1]`),
  '10,000 blocks of JSON-LD': () =>
    jsonLd('{"@type":"Product","image":1}</script><script type="application/ld+json">'.repeat(10_000)),
  '10,000 titles and pictures': () =>
    `<!doctype html><title>x</title>${'<meta property="og:image" content="ftp://x/1">'.repeat(10_000)}`,
  'a page as its own picture': () => og('http://shop.example.com/'),
  'a page as its picture, forever': () => og('http://shop.example.com/?again'),
  'script only': () => `<!doctype html><script>${'location="http://127.0.0.1/";'.repeat(1_000)}</script>`,
  'a refresh and frames': () =>
    '<!doctype html><meta http-equiv="refresh" content="0;url=http://127.0.0.1/"><iframe src="http://127.0.0.1/"></iframe><img src="http://127.0.0.1/">',
}

async function attack(page: string, answer?: (response: ServerResponse) => void) {
  const server = await startScriptedServer(({ address }, response) => {
    const target = new URL(`http://${address}`).searchParams.get('to')
    if (target !== null) response.writeHead(302, { location: target }).end()
    else if (answer) answer(response)
    else response.writeHead(200, { 'content-type': 'text/html' }).end(page)
  }, HOSTS)
  const { network } = server
  const resolve = network.resolve
  // One public name of the page's own leads inside.
  const names: Record<string, string> = { 'inside.example.com': '10.0.0.7' }
  const reader = createPictureReader({
    sampleDir: 'none',
    allowFiles: true,
    readsPages: true,
    timeoutMs: TIME_LIMIT_MS,
    createConnector: network.createConnector,
    resolve: (name, options, callback) => {
      const inside = names[name]
      if (inside === undefined) resolve(name, options, callback)
      else callback(null, [{ address: inside, family: 4 }])
    },
  })
  const heapBefore = process.memoryUsage().heapUsed
  const startedAt = performance.now()
  const outcome = await reader.read('http://shop.example.com/').catch(asAppError)
  const ms = performance.now() - startedAt
  const heapMb = (process.memoryUsage().heapUsed - heapBefore) / 1e6
  const result = { outcome, ms, heapMb, hostile: network.hostile(), requests: server.asked.length }
  await reader.close()
  await server.close()
  return result
}

describe('a hostile page', () => {
  it.each(ADDRESSES)('with %s as its picture sends no packet there', async address => {
    for (const page of [og(address), jsonLd(JSON.stringify({ '@type': 'Product', image: [address] }))]) {
      const { outcome, hostile } = await attack(page)
      expect(outcome).toMatchObject({ code: expect.stringMatching(/^picture_/) })
      expect(hostile).toEqual([])
    }
  })

  it.each(Object.entries(BODIES))('of %s is given up in time', async (_what, page) => {
    const { outcome, ms, heapMb, hostile, requests } = await attack(page())
    expect(outcome).toMatchObject({ code: expect.stringMatching(/^picture_/) })
    expect(hostile).toEqual([])
    expect(requests).toBeLessThanOrEqual(4)
    expect(ms).toBeLessThan(4 * TIME_LIMIT_MS)
    expect(heapMb).toBeLessThan(100)
  })

  it('that unpacks to a gigabyte is read to its limit', async () => {
    const bomb = gzipSync(Buffer.concat([Buffer.from('<!doctype html><html><body>'), Buffer.alloc(200_000_000, 32)]))
    const { outcome, heapMb } = await attack('', response =>
      response.writeHead(200, { 'content-type': 'text/html', 'content-encoding': 'gzip' }).end(bomb),
    )
    expect(outcome).toMatchObject({ code: 'picture_unreadable' })
    expect(heapMb).toBeLessThan(100)
  })

  it('that never ends is given up after the time that page and picture share', async () => {
    const { outcome, ms } = await attack('', response => {
      response.writeHead(200, { 'content-type': 'text/html' }).write('<!doctype html><html>')
      const timer = setInterval(() => response.write('<p>'), 50)
      response.on('close', () => clearInterval(timer))
    })
    expect(outcome).toMatchObject({
      code: 'picture_unreachable',
      message: 'The picture did not arrive within 1 seconds.',
    })
    expect(ms).toBeLessThan(4 * TIME_LIMIT_MS)
  })
})
