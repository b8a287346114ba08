/** Files from the chat: made by real clients, opened as a person would. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { openTable } from '../../src/sheets/read/open-table.ts'
import { connectOverHttp, type TestClient, WIRES } from '../support/clients.ts'
import { connectInProcess, runInProcess, serveInProcess } from '../support/in-process.ts'
import { DEMO_PHOTO, dataUrl } from '../support/pictures.ts'
import { makeTempDir, type TempDir } from '../support/program.ts'

const OFFERS = ['10001', '10002', '99999']
const exported = z.object({
  file: z.string(),
  path: z.string().optional(),
  address: z.url().optional(),
  offers: z.number(),
  failed: z.number(),
  landed_cost: z.boolean(),
})

/** With a method that fetch has, and the headers as they come. */
function open(address: string, method = 'GET') {
  return new Promise<{ status: number; bytes: Buffer; headers: http.IncomingHttpHeaders }>((resolve, reject) => {
    const request = http.request(address, { method }, async response => {
      const chunks: Buffer[] = []
      for await (const chunk of response) chunks.push(chunk)
      resolve({ status: response.statusCode ?? 0, bytes: Buffer.concat(chunks), headers: response.headers })
    })
    request.on('error', reject)
    request.end()
  })
}

describe('export_offers', () => {
  let dir: TempDir
  const cleanUps: (() => Promise<unknown>)[] = []
  beforeEach(() => {
    dir = makeTempDir()
  })
  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
    dir.remove()
  })
  const overStdio = async (wire: (typeof WIRES)[number] = WIRES[2]) => {
    const client = await connectInProcess(dir.path, {}, wire)
    cleanUps.push(client.close)
    return client
  }
  const make = async (client: TestClient, input: Record<string, unknown> = {}) => {
    const reply = await client.call('export_offers', { offer_ids: OFFERS, quantity: 300, ...input })
    expect(reply.isError, reply.text).toBe(false)
    return { ...exported.parse(reply.structured), text: reply.text, links: reply.links }
  }

  it.each(WIRES)('writes a sheet into the data folder, and links to it (%s)', async wire => {
    const client = await overStdio(wire)
    const { file, path: where = '', text, links, ...rest } = await make(client)
    expect(rest).toMatchObject({ offers: 2, failed: 1, landed_cost: false })
    expect(where).toBe(path.join(dir.path, 'exports', file))
    expect(text).toContain(`path: ${where}`)
    const uri = `mcp-1688://exports/${file}`
    expect(links).toEqual([uri])
    const table = await openTable(where)
    const ids: unknown[] = []
    for await (const row of table.sheets[0]?.rows() ?? []) if ('cells' in row) ids.push(row.cells[2]?.value)
    await table.close()
    expect(ids.slice(ids.indexOf('Offer ID'))).toEqual(['Offer ID', '10001', '10002', '99999'])
    await expect(client.readResource('mcp-1688://exports/1688-offers-none.xlsx')).rejects.toThrow()
  })

  it('shows the photo that has found the offers, and is in Chinese on request', async () => {
    const client = await overStdio()
    const found = await client.call('search_by_image', { image_url: dataUrl(DEMO_PHOTO), page_size: 20 })
    const { products } = z.object({ products: z.array(z.object({ offer_id: z.string() })) }).parse(found.structured)
    const firstCell = async (offer_ids: string[]) => {
      const { path: where = '' } = await make(client, { offer_ids, language: 'zh' })
      const table = await openTable(where)
      const { value: row } = (await table.sheets[0]?.rows()[Symbol.asyncIterator]().next()) ?? {}
      await table.close()
      return row && 'cells' in row ? row.cells : []
    }
    const ids = products.slice(0, 2).map(product => product.offer_id)
    const [photo, title] = await firstCell(ids)
    expect(photo?.pictures).toHaveLength(1)
    expect(title?.value).toBe('示例货源：对比 2 个，采购量 300')
    const others = ['10001', '10002', '10003', '10004'].filter(id => !products.some(each => each.offer_id === id))
    expect((await firstCell([...ids, ...others.slice(0, 1)]))[0]?.pictures ?? []).toEqual([])
  })

  it('makes the same CSV as the command line', async () => {
    const client = await overStdio()
    const { path: ours = '' } = await make(client, { format: 'csv' })
    const theirs = path.join(dir.path, 'theirs.csv')
    await runInProcess(['compare', ...OFFERS, '--quantity', '300', '--csv', theirs], dir.path)
    expect(readFileSync(ours, 'utf8')).toBe(readFileSync(theirs, 'utf8'))
    const { text } = await client.readResource(`mcp-1688://exports/${path.basename(ours)}`)
    expect(text).toBe(readFileSync(ours, 'utf8'))
  })

  it('adds landed costs by the rates it is given, and refuses rates that cannot be meant', async () => {
    const client = await overStdio()
    const rates = { currency: 'USD', freight_per_kg: 6, duty_rate: 5, vat_rate: 0, domestic_freight: 100 }
    const wrong = await client.call('export_offers', { offer_ids: OFFERS, ...rates, exchange_rate: 0.14 })
    expect(wrong).toMatchObject({ isError: true, text: expect.stringContaining('CNY for one USD is expected') })
    const { path: where = '', landed_cost } = await make(client, { format: 'html', ...rates, exchange_rate: 7.1 })
    expect(landed_cost).toBe(true)
    expect(readFileSync(where, 'utf8')).toContain('Not known: international freight')
  })

  it('adds landed costs by the rates of the settings, and shows a currency without any', async () => {
    const settings = path.join(dir.path, 'mcp-1688')
    const client = await connectInProcess(dir.path, { XDG_CONFIG_HOME: dir.path, MCP1688_FX: 'USD=7.1' }, WIRES[2])
    cleanUps.push(client.close)
    const plain = await make(client, { format: 'html', currency: 'USD' })
    expect(plain.landed_cost).toBe(false)
    expect(readFileSync(plain.path ?? '', 'utf8')).toMatch(/[\d.]+ USD/)
    mkdirSync(settings)
    writeFileSync(path.join(settings, 'costs.json'), '{"fees": 50}')
    expect((await make(client)).landed_cost).toBe(true)
    writeFileSync(path.join(settings, 'costs.json'), '{"fees": "many"}')
    expect((await make(client)).landed_cost).toBe(false)
  })

  it('over HTTP gives out an address that opens without a key, as a download that runs nothing', async () => {
    const { stdout } = await runInProcess(['keys', 'add', '--name', 'ana', '--tier', 'hobby', '--json'], dir.path)
    const { key } = z.object({ key: z.string() }).parse(JSON.parse(stdout))
    const serve = await serveInProcess(dir.path, { MCP1688_PUBLIC_URL: 'https://mcp.example.com' })
    cleanUps.push(serve.close)
    const client = await connectOverHttp(WIRES[2], `${serve.url}/mcp`, { authorization: `Bearer ${key}` })
    cleanUps.push(client.close)
    const { file, address = '', path: where, text, links } = await make(client, { format: 'html' })
    expect(where).toBeUndefined()
    expect(address).toMatch(new RegExp(`^https://mcp\\.example\\.com/export/[\\w-]{22}/${file}$`))
    expect(links).toEqual([address])
    expect(text).toContain(`address: ${address} (opens without a key until `)
    const local = `${serve.url}${new URL(address).pathname}`
    const { status, bytes, headers } = await open(local)
    expect(status).toBe(200)
    expect(bytes.toString()).toContain('Sample offers: 2 compared')
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-disposition': `attachment; filename="${file}"`,
      'content-security-policy': 'sandbox',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    })
    expect(await open(local, 'HEAD')).toMatchObject({ status: 200, bytes: Buffer.alloc(0) })
    expect((await open(local, 'POST')).status).toBe(405)
    const guessed = local.replace(/export\/./, letter => `export/${letter.endsWith('A') ? 'B' : 'A'}`)
    for (const wrong of [guessed, `${serve.url}/export/`, `${serve.url}/export/../keys.db`, `${local}/x`]) {
      expect((await open(wrong)).status, wrong).toBe(404)
    }
    // The files of this computer's own user are nobody else's.
    await expect(client.readResource(`mcp-1688://exports/${file}`)).rejects.toThrow()
  })

  it('is refused before anything is spent where the server does not know its address', async () => {
    const { stdout } = await runInProcess(['keys', 'add', '--name', 'ana', '--tier', 'hobby', '--json'], dir.path)
    const { key } = z.object({ key: z.string() }).parse(JSON.parse(stdout))
    const serve = await serveInProcess(dir.path, { MCP1688_TRUST_PROXY: 'on' })
    cleanUps.push(serve.close)
    const client = await connectOverHttp(WIRES[1], `${serve.url}/mcp`, { authorization: `Bearer ${key}` })
    cleanUps.push(client.close)
    const reply = await client.call('export_offers', { offer_ids: OFFERS })
    expect(reply).toMatchObject({ isError: true, text: expect.stringContaining('cannot give out a file') })
  })
})
