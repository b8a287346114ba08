/** A photo without an address, at an upstream that takes nothing else. */
import { readFileSync } from 'node:fs'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connectOverHttp, connectOverStdio, type TestClient } from '../support/clients.ts'
import { type LocalServe, serveInProcess } from '../support/in-process.ts'
import { makeListings } from '../support/listings.ts'
import { DEMO_PHOTO } from '../support/pictures.ts'
import { makeTempDir, serverCommand, type TempDir } from '../support/program.ts'
import { startTmapiServer, type TmapiServer } from '../support/tmapi-server.ts'

const PUBLIC_URL = 'https://shop.example.com'
const WIRE = 'v2 client, 2026 wire'
const PHOTO = `data:image/webp;base64,${readFileSync(DEMO_PHOTO).toString('base64')}`

let dir: TempDir
let tmapi: TmapiServer
let serve: LocalServe | null = null
let client: TestClient | null = null
beforeEach(async () => {
  dir = makeTempDir()
  tmapi = await startTmapiServer({ listings: makeListings(5) })
})
afterEach(async () => {
  await client?.close()
  await serve?.close()
  client = serve = null
  await tmapi.close()
  dir.remove()
})

const env = (more: Record<string, string> = {}) => ({
  MCP1688_TMAPI_TOKEN: tmapi.token,
  MCP1688_TMAPI_BASE_URL: tmapi.url,
  ...more,
})

async function openServe(more: Record<string, string>): Promise<{ url: string; client: TestClient }> {
  serve = await serveInProcess(dir.path, env(more))
  client = await connectOverHttp(WIRE, `${serve.url}/mcp`)
  return { url: serve.url, client }
}

const search = (of: TestClient) => of.call('search_by_image', { image_url: PHOTO, page_size: 3 })

describe('with a public address', () => {
  it('serve lends it, shrunk, for a few reads, and repeats cost nothing', async () => {
    const opened = await openServe({ MCP1688_PUBLIC_URL: PUBLIC_URL })
    const reply = await search(opened.client)
    expect(reply.text).toContain('source: tmapi')
    expect(tmapi.calls.map(({ endpoint }) => endpoint)).toEqual(['tools/image/convert_url', 'search/image'])
    const lent = String(tmapi.calls[0]?.posted.url)
    expect(lent).toMatch(/^https:\/\/shop\.example\.com\/lent\/[\w-]{22}\.jpg$/)
    expect(JSON.stringify(reply)).not.toContain(lent.split('/').at(-1)?.slice(0, 22))
    const address = `${opened.url}${new URL(lent).pathname}`
    const heads = [await fetch(address, { method: 'HEAD' }), await fetch(address, { method: 'POST' })]
    expect(heads.map(({ status }) => status)).toEqual([405, 405])
    for (let read = 0; read < 5; read++) {
      const answer = await fetch(address)
      expect(answer.status).toBe(200)
      expect(answer.headers.get('content-type')).toBe('image/jpeg')
      expect(answer.headers.get('cache-control')).toBe('no-store')
      const bytes = Buffer.from(await answer.arrayBuffer())
      expect(bytes.length).toBeLessThan(300_000)
      expect((await sharp(bytes).metadata()).exif).toBeUndefined()
    }
    expect((await fetch(address)).status).toBe(404)
    await search(opened.client)
    expect(tmapi.calls).toHaveLength(2)
  })

  it.each([
    '/lent/',
    '/lent/AAAAAAAAAAAAAAAAAAAAAA.jpg',
    '/lent/../mcp',
    '/lent/x.jpg',
    '/lent/AAAAAAAAAAAAAAAAAAAAAA.svg',
  ])('nothing is lent at %s', async path => {
    const { url } = await openServe({ MCP1688_PUBLIC_URL: PUBLIC_URL })
    expect([400, 404, 405]).toContain((await fetch(`${url}${path}`)).status)
  })
})

describe('nothing is lent, and the reply says why TMAPI was not asked,', () => {
  it.each([
    ['without a public address', {}],
    ['where that is turned off', { MCP1688_PUBLIC_URL: PUBLIC_URL, MCP1688_LEND_PICTURES: 'off' }],
  ])('by serve %s', async (_name, more) => {
    const opened = await openServe({ ...more, MCP1688_UPSTREAM: 'tmapi,sample' })
    expect((await search(opened.client)).text).toContain(
      'tmapi was not asked: TMAPI only accepts pictures with a public URL, and this one has none.',
    )
    expect(tmapi.calls).toEqual([])
  })

  it('over stdio', async () => {
    client = await connectOverStdio(
      WIRE,
      serverCommand(dir.path, env({ MCP1688_UPSTREAM: 'tmapi,sample', MCP1688_PUBLIC_URL: PUBLIC_URL })),
    )
    expect((await search(client)).text).toContain("Pass the picture's http(s) URL instead of a file or data: URL.")
    expect(tmapi.calls).toEqual([])
  })
})
