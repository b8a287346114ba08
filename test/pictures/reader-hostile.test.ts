import { Agent, request } from 'undici'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPictureReader } from '../../src/pictures/reader.ts'
import { HARMLESS_NAMES, HOSTILE_NAMES, HOSTILE_URLS } from '../support/hostile-urls.ts'
import { createPictureServer, type PictureServer, TINY_PNG } from '../support/picture-server.ts'
import { createStubNetwork, type Names } from '../support/stub-network.ts'

const PUBLIC = '93.184.215.14'
const NAMES = { ...HOSTILE_NAMES, ...HARMLESS_NAMES }
const CASES = Object.entries(HOSTILE_URLS).flatMap(([family, urls]) =>
  urls.map((url): [string, string] => [family, url]),
)

let server: PictureServer
beforeAll(async () => {
  server = await createPictureServer()
})
afterAll(() => server.close())

/** A reader on a stub network in which the picture server plays the whole internet. */
function createSource(names: Names = NAMES) {
  const network = createStubNetwork(names, server.port)
  const { resolve, createConnector } = network
  return { network, source: createPictureReader({ sampleDir: 'none', allowFiles: false, resolve, createConnector }) }
}

describe('hostile addresses', () => {
  it('are at least 114', () => expect(new Set(CASES.map(([, url]) => url)).size).toBeGreaterThanOrEqual(114))

  it.each(CASES)('%s: %j opens no socket', async (family, url) => {
    const { network, source } = createSource()
    const outcome = await source.read(url).then(
      () => 'read',
      error => error.code,
    )
    expect(network.hostile()).toEqual([])
    if (family === 'confusing') {
      expect(['read', 'picture_refused', 'invalid_input']).toContain(outcome)
    } else {
      expect(['picture_refused', 'invalid_input']).toContain(outcome)
      expect(network.dialled).toEqual([])
    }
    await source.close()
  })

  it('would open sockets without the guard', async () => {
    const network = createStubNetwork(NAMES, server.port)
    const dispatcher = new Agent({ connect: network.createConnector({}) })
    let reached = 0
    for (const [, url] of CASES) {
      if (!/^\s*https?:/.test(url) || !URL.canParse(url)) continue
      const before = network.hostile().length
      await request(url, { dispatcher }).then(
        ({ body }) => body.dump(),
        () => {},
      )
      if (network.hostile().length > before) reached++
    }
    await dispatcher.destroy()
    expect(reached).toBeGreaterThan(90)
  })
})

describe('redirects', () => {
  const to = (target: string, status = 302) =>
    `http://example.com/redirect?status=${status}&to=${encodeURIComponent(target)}`

  it.each([
    'http://169.254.169.254/latest/meta-data/',
    'http://127.0.0.1/',
    'http://[::1]/',
    'http://localhost/',
    'http://localtest.me/',
    'http://mixed.attacker.com/',
    '//10.0.0.1/x',
    'http://example.com:22/',
    'http://user:pass@example.com/',
    'ftp://example.com/x.png',
    'file:///etc/passwd',
    'data:image/png;base64,AAAA',
    'http://[',
    to('http://127.0.0.1/'),
  ])('to %s are refused', async target => {
    const { network, source } = createSource()
    await expect(source.read(to(target))).rejects.toMatchObject({ code: 'picture_refused' })
    expect(network.hostile()).toEqual([])
    expect(network.dialled.length).toBeGreaterThan(0)
    await source.close()
  })

  it.each([301, 302, 303, 307, 308])('with status %i to another public host are followed', async status => {
    const { network, source } = createSource()
    const { bytes } = await source.read(to('http://pictures.attacker.com/a.png', status))
    expect(Buffer.from(bytes)).toEqual(TINY_PNG)
    expect(network.asked).toEqual(['example.com', 'pictures.attacker.com'])
    await source.close()
  })

  it('carry no cookie and no secret', async () => {
    const { source } = createSource()
    await source.read('http://example.com/cookie')
    const { url, headers } = server.seen.at(-1) ?? {}
    expect(url).toBe('/picture.png')
    expect(headers).toEqual({
      host: 'example.com',
      connection: 'keep-alive',
      accept: expect.stringMatching(/^image\/jpeg,.*\*\/\*/),
      'user-agent': 'mcp-1688',
    })
    await source.close()
  })
})

describe('a name that resolves to a private address', () => {
  it('is refused by real sockets too', async () => {
    const { resolve, asked } = createStubNetwork(NAMES)
    const source = createPictureReader({ sampleDir: 'none', allowFiles: false, resolve })
    for (const scheme of ['http', 'https']) {
      await expect(source.read(`${scheme}://localtest.me/`)).rejects.toMatchObject({ code: 'picture_refused' })
    }
    expect(asked).toEqual(['localtest.me', 'localtest.me'])
    await source.close()
  })
})

describe('a name whose DNS answer changes', () => {
  it('is resolved once, and the checked address is connected to', async () => {
    const { network, source } = createSource({ 'rebind.attacker.com': [[PUBLIC], ['127.0.0.1']] })
    await source.read('http://rebind.attacker.com/a.png')
    expect(network.asked).toEqual(['rebind.attacker.com'])
    expect(network.dialled).toEqual([{ address: PUBLIC, port: 80 }])
    await source.close()
  })

  it('is refused for a new connection after the change', async () => {
    const { network, source } = createSource({ 'rebind.attacker.com': [[PUBLIC], ['127.0.0.1']] })
    const itself = encodeURIComponent('http://rebind.attacker.com/a.png')
    await expect(source.read(`http://rebind.attacker.com/redirect?to=${itself}`)).rejects.toMatchObject({
      code: 'picture_refused',
    })
    expect(network.asked).toHaveLength(2)
    expect(network.hostile()).toEqual([])
    await source.close()
  })
})
