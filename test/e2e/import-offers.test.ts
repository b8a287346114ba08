/** An assistant imports a sheet for its user: the reading first, then exactly that reading. */
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import * as z from 'zod'
import { connectOverStdio, type TestClient, WIRES } from '../support/clients.ts'
import { drawnGood } from '../support/drawn-goods.ts'
import { makeTempDir, serverCommand, type TempDir } from '../support/program.ts'

const SHEET = `Item,Photo,Unit Cost (USD),Lead time,MOQ
Blue cup,cup.png,2.85,SECRET-1,100
Green cup,cup.png,3.10,SECRET-2,200
,cup.png,1,SECRET-3,1
`

let dir: TempDir
let sheet: string
let client: TestClient

beforeAll(async () => {
  dir = makeTempDir()
  sheet = path.join(dir.path, 'quote.csv')
  writeFileSync(sheet, SHEET)
  writeFileSync(path.join(dir.path, 'cup.png'), await drawnGood(1))
  client = await connectOverStdio(WIRES[2], serverCommand(path.join(dir.path, 'data'), { MCP1688_TOOLS: 'all' }))
}, 60_000)
afterAll(async () => {
  await client.close()
  dir.remove()
})

const importing = (input: object) => client.call('import_offers', { path: sheet, map: 'Item=title', ...input })
const ownOffers = async () => JSON.stringify((await client.call('get_usage', {})).structured?.catalogue)

it('says which columns it needs, with those that it has seen', async () => {
  const { text, isError } = await client.call('import_offers', { path: sheet, map: 'Photo=picture' })
  expect(isError).toBe(true)
  expect(text).toContain('"Photo=picture" does not say which column is which field.')
  expect(text).toContain('the fields are offer_id, link, sku, title')
})

it('stores nothing before it is confirmed, and shows no value of a column that is not used', async () => {
  const { text, structured } = await importing({})
  expect(text).toContain('"Unit Cost (USD)" is read as price (USD)')
  expect(text).toContain('not used: "Lead time"')
  expect(text).toContain('left out:\nline 4: No title.')
  expect(text + JSON.stringify(structured)).not.toMatch(/SECRET|"file:|\/tmp/)
  expect(structured).toMatchObject({
    imported: false,
    offers: 2,
    left_out: 1,
    confirm: expect.stringMatching(/^\w{16}$/),
  })
  expect(await ownOffers()).not.toContain('import')
})

it('refuses to keep another reading than the one that was shown', async () => {
  const confirm = (await importing({})).structured?.confirm
  const others = [{ confirm: '0123456789abcdef' }, { confirm, rates: 'USD=7.1' }]
  for (const other of others) {
    const { text, isError } = await importing(other)
    expect(isError).toBe(true)
    expect(text).toContain('The file is no longer read as in')
  }
  writeFileSync(sheet, SHEET.replace('2.85', '28.5'))
  expect((await importing({ confirm })).isError).toBe(true)
  writeFileSync(sheet, SHEET)
  expect(await ownOffers()).not.toContain('import')
})

it('imports what was confirmed, again without a second copy', async () => {
  const confirm = (await importing({ rates: 'USD=7.1' })).structured?.confirm
  for (let time = 0; time < 2; time++) {
    const { structured } = await importing({ rates: 'USD=7.1', confirm })
    expect(structured).toMatchObject({ imported: true, offers: 2, own_offers: 2 })
  }
  const { text } = await client.call('search_by_keyword', { keyword: 'cup' })
  expect(text).toMatch(/20\.235 \(2\.85 USD\).*Blue cup/)
})

it('says in every list what a price in dollars is for, and tells when it changes', async () => {
  const cartons = path.join(dir.path, 'cartons.csv')
  const importAt = async (price: string) => {
    writeFileSync(cartons, `Item No.,Name,Photo,Price (USD/ctn),Pcs/ctn,Supplier\nA-1,Pan,cup.png,${price},12,ACME\n`)
    const { structured } = await client.call('import_offers', { path: cartons })
    const done = await client.call('import_offers', { path: cartons, confirm: structured?.confirm })
    return z.array(z.object({ offer_id: z.string() })).parse(done.structured?.rows)[0]?.offer_id
  }
  const offer_id = await importAt('24.00')
  await client.call('watch_offers', { action: 'add', offer_ids: [offer_id] })
  const lists = [
    await client.call('search_by_keyword', { keyword: 'Pan' }),
    await client.call('get_product_details', { offer_id }),
    await client.call('get_supplier', { offer_id }),
    await client.call('watch_offers', { action: 'list' }),
  ]
  for (const { text } of lists) expect(text).toContain('24.00 USD/carton of 12')
  const landed = { offer_ids: [offer_id], quantity: 24, currency: 'USD', exchange_rate: 7 }
  // Two dollars for a pan.
  expect((await client.call('estimate_landed_cost', landed)).text).toContain('goods: 336.00')
  await importAt('26.00')
  const { text } = await client.call('check_watched', { max_credits: 0 })
  expect(text).toContain('quoted price 24.00 USD/carton of 12 -> 26.00 USD/carton of 12')
  expect((await client.call('draft_inquiry', { offer_id, quantity: 12 })).text).not.toContain(`item ${offer_id}`)
})

it('takes a path in quotation marks and a file: URL', async () => {
  for (const written of [`"${sheet}"`, pathToFileURL(sheet).href]) {
    expect((await importing({ path: written })).structured).toMatchObject({ offers: 2 })
  }
})

it('reads no other file of this computer', async () => {
  const refused = [
    ['/etc/hostname', 'is not named like a sheet'],
    [path.join(dir.path, 'missing.csv'), 'No file at'],
    ['//host/share/offers.csv', 'network path'],
  ]
  for (const [file, why] of refused) {
    const { text, isError } = await client.call('import_offers', { path: file })
    expect([isError, text]).toEqual([true, expect.stringContaining(why ?? '')])
  }
})
