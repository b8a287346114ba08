import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { asAppError } from '../../src/errors.ts'
import { NO_PROXIES, type Proxies } from '../../src/net/proxies.ts'
import { createPictureFetcher } from '../../src/pictures/fetch/fetch.ts'
import { type ConnectProxy, startConnectProxy } from '../support/connect-proxy.ts'
import { createPictureServer, type PictureServer, TINY_PNG } from '../support/picture-server.ts'
import { createStubNetwork, type Names } from '../support/stub-network.ts'

const NAMES: Names = {
  'pictures.example.org': [['93.184.215.14']],
  'inside.example.org': [['10.0.0.7']],
  'mixed.example.org': [['93.184.215.14', '127.0.0.1']],
}

let server: PictureServer
let proxy: ConnectProxy
const closers: (() => Promise<unknown>)[] = []

beforeEach(async () => {
  server = await createPictureServer()
  proxy = await startConnectProxy({ leadsTo: server.port })
})
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
  await proxy.close()
  await server.close()
})

function setUp(more: Partial<Proxies> = {}, allow: string[] = []) {
  const network = createStubNetwork(NAMES, server.port)
  const proxies = { ...NO_PROXIES, http: proxy.origin, ...more }
  const { resolve, createConnector } = network
  const limits = { maxBytes: 1_000_000, timeoutMs: 5_000 }
  const fetcher = createPictureFetcher({ ...limits, resolve, createConnector, proxies, allow })
  closers.push(fetcher.close)
  const fetch = async (address: string) => {
    const fetched = await fetcher.fetch([new URL(address)]).catch(asAppError)
    return 'bytes' in fetched ? Buffer.from(fetched.bytes) : fetched
  }
  return { network, fetch }
}

describe('behind a proxy', () => {
  it('fetches a picture through the proxy, by host name', async () => {
    const { network, fetch } = setUp()
    expect(await fetch('http://pictures.example.org/a.png')).toEqual(TINY_PNG)
    expect(proxy.asked).toEqual(['pictures.example.org:80'])
    expect(network.dialled).toEqual([])
  })

  it.each([
    'http://127.0.0.1/a.png',
    'http://169.254.169.254/latest',
    'http://[::1]/a.png',
    'http://localhost/a.png',
    'http://printer.internal/a.png',
    'http://pictures.example.org:8080/a.png',
    'http://inside.example.org/a.png',
    'http://mixed.example.org/a.png',
  ])('refuses %s before asking the proxy', async address => {
    const { fetch } = setUp()
    expect(await fetch(address)).toMatchObject({ code: 'picture_refused' })
    expect(proxy.asked).toEqual([])
  })

  it('refuses a redirect to a private machine', async () => {
    const { fetch } = setUp()
    const to = encodeURIComponent('http://inside.example.org/')
    expect(await fetch(`http://pictures.example.org/redirect?to=${to}`)).toMatchObject({ code: 'picture_refused' })
    expect(proxy.asked).toEqual(['pictures.example.org:80'])
  })

  it('leaves names that our own DNS does not know to the proxy', async () => {
    const { fetch } = setUp()
    expect(await fetch('http://only-outside.example.org/a.png')).not.toHaveProperty('code')
    expect(proxy.asked).toEqual(['only-outside.example.org:80'])
  })

  it('guards hosts of NO_PROXY in full', async () => {
    const { network, fetch } = setUp({ exempt: 'example.org' })
    expect(await fetch('http://pictures.example.org/a.png')).not.toHaveProperty('code')
    expect(network.dialled).toEqual([{ address: '93.184.215.14', port: 80 }])
    expect(await fetch('http://mixed.example.org/a.png')).toMatchObject({ code: 'picture_refused' })
    expect(proxy.asked).toEqual([])
  })

  it('reports that the proxy refused', async () => {
    const strict = await startConnectProxy({ refusal: 403, leadsTo: server.port })
    closers.push(strict.close)
    const { fetch } = setUp({ http: strict.origin })
    expect(await fetch('http://pictures.example.org/a.png')).toMatchObject({
      code: 'picture_unreachable',
      message: "The proxy in HTTPS_PROXY or HTTP_PROXY did not connect to the picture's server (403).",
    })
  })
})
