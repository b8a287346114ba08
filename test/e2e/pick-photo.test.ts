/** A photo that only a person has: sent from a real browser, found by a real client. */
import { readdir, readFile } from 'node:fs/promises'
import http from 'node:http'
import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { openKeyStore } from '../../src/keys/sqlite/key-store.ts'
import { BROWSER, launchBrowser, WHY_SKIPPED } from '../support/browser.ts'
import { connectOverHttp, connectOverStdio, type TestClient, WIRES } from '../support/clients.ts'
import { DEMO_PHOTO } from '../support/pictures.ts'
import { makeTempDir, serverCommand, type TempDir } from '../support/program.ts'
import { startServe } from '../support/serve-process.ts'

const picked = z.object({ address: z.url(), image_url: z.string(), only_on_this_computer: z.boolean() })
const GONE = 'This page was used or has expired.'

let dir: TempDir
let client: TestClient
beforeAll(async () => {
  dir = makeTempDir()
  client = await connectOverStdio(WIRES[2], serverCommand(dir.path))
})
afterAll(async () => {
  await client.close()
  dir.remove()
})

async function pick(from: TestClient = client) {
  const reply = await from.call('pick_photo')
  expect(reply.isError, reply.text).toBe(false)
  return picked.parse(reply.structured)
}

interface Sent {
  method?: string
  headers?: Record<string, string>
  body?: Buffer
}

/** Node's fetch would not send a Host or Origin of the test's choice. */
function send(address: string, { method = 'GET', headers = {}, body }: Sent = {}) {
  return new Promise<{ status: number; text: string; headers: http.IncomingHttpHeaders }>((resolve, reject) => {
    const request = http.request(address, { method, headers }, async response => {
      const chunks: Buffer[] = []
      for await (const chunk of response) chunks.push(chunk)
      const text = Buffer.concat(chunks).toString()
      resolve({ status: response.statusCode ?? 0, text, headers: response.headers })
    })
    request.on('error', reject)
    request.end(body)
  })
}
const post = (address: string, body: Buffer, headers: Record<string, string> = {}) =>
  send(address, { method: 'POST', body, headers: { origin: new URL(address).origin, ...headers } })

describe('the page for one photo, attacked', () => {
  it('is opened any number of times and takes one photo', async () => {
    // While it is open, the other page answers after its use.
    await pick()
    const { address, image_url, only_on_this_computer } = await pick()
    expect(only_on_this_computer).toBe(true)
    for (const method of ['HEAD', 'GET', 'GET']) expect((await send(address, { method })).status).toBe(200)
    const photo = await readFile(DEMO_PHOTO)
    expect((await post(address, photo)).status).toBe(204)
    expect(await post(address, photo)).toMatchObject({ status: 404, text: expect.stringContaining(GONE) })
    expect((await send(address)).status).toBe(404)
    const found = await client.call('search_by_image', { image_url, page_size: 1 })
    expect(found.text).toContain('for picked photo')
    expect(found.isError).toBe(false)
    const last = await client.call('search_by_image', { image_url: 'picked', page_size: 1 })
    expect(last.text).toContain('for picked photo')
  })

  it('loads nothing foreign, is framed by nobody, and leaves no trace in caches or referrers', async () => {
    const { address } = await pick()
    const { headers, text } = await send(address)
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringMatching(/^default-src 'none';.*frame-ancestors 'none'$/),
    })
    expect(text).not.toMatch(/https?:\/\//)
  })

  it('refuses what is not its own browser, not a picture, or too large, and stays open', async () => {
    const { address } = await pick()
    const jpeg = Buffer.from('\xff\xd8\xff\xe0', 'latin1')
    for (const origin of ['https://evil.example', 'null', '']) {
      expect((await post(address, jpeg, { origin })).status).toBe(403)
    }
    const host = new URL(address).host
    expect((await send(address, { headers: { host: 'evil.example' } })).status).toBe(404)
    expect((await send(address, { headers: { host: host.replace('127.0.0.1', 'localhost') } })).status).toBe(404)
    expect((await post(address, Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'))).status).toBe(422)
    expect((await post(address, Buffer.alloc(100))).status).toBe(422)
    const large = await post(address, Buffer.alloc(0), { 'content-length': '30000000' }).catch(() => ({ status: 413 }))
    expect(large.status).toBe(413)
    const guessed = address.replace(/[^/]+$/, 'AAAAAAAAAAAAAAAAAAAAAA')
    expect((await send(guessed)).status).toBe(404)
    expect((await send(`${address}/../../etc/passwd`)).status).toBe(404)
    expect((await send(address)).status).toBe(200)
  })

  it('writes nothing of the file but its pixels, and nothing where its name says', async () => {
    const ownDir = makeTempDir()
    const other = await connectOverStdio(WIRES[2], serverCommand(ownDir.path))
    const { address, image_url } = await pick(other)
    const photo = await sharp(DEMO_PHOTO)
      .jpeg()
      .withExif({ IFD0: { ImageDescription: 'taken-at-home' } })
      .toBuffer()
    expect(photo.includes('taken-at-home')).toBe(true)
    const named = { 'content-disposition': 'form-data; name="photo"; filename="../../../../tmp/owned.jpg"' }
    expect((await post(address, photo, named)).status).toBe(204)
    const found = await other.call('search_by_image', { image_url, page_size: 1 })
    expect(found.text).toContain('same item')
    const files = await readdir(ownDir.path, { recursive: true, withFileTypes: true })
    expect(files.map(({ name }) => name).join()).toMatch(/photos\.db/)
    expect(files.map(({ name }) => name).join()).not.toContain('owned')
    for (const file of files.filter(each => each.isFile()))
      expect((await readFile(path.join(file.parentPath, file.name))).includes('taken-at-home'), file.name).toBe(false)
    await other.close()
    ownDir.remove()
  })

  it('is one of five at most, however many are asked for', async () => {
    const other = await connectOverStdio(WIRES[0], serverCommand(makeTempDir().path))
    const replies = []
    for (let page = 0; page < 1_000; page++) replies.push(await other.call('pick_photo'))
    expect(replies.map(({ isError }) => isError)).toEqual(replies.map((_, at) => at >= 5))
    expect(replies[6]?.text).toContain('5 photo pages are open already')
    await other.close()
  })

  it('is waited for, and missed in words', async () => {
    const { image_url } = await pick()
    const reply = await client.call('search_by_image', { image_url })
    expect(reply.text).toContain('The photo was not sent yet.')
    const unknown = await client.call('search_by_image', { image_url: 'photo:AAAAAAAAAAAAAAAAAAAAAA' })
    expect(unknown.text).toContain('There is no such photo')
  })
})

it('names the key that the photo goes to, and is counted for each key', async () => {
  const ownDir = makeTempDir()
  const keys = openKeyStore({ dataDir: ownDir.path, now: Date.now })
  const texts = []
  for (const name of ['Ana <b>&"', 'Ben']) texts.push((await keys.add({ name, tier: 'free', expiresAt: null })).text)
  await keys.close()
  const server = await startServe(ownDir.path, {})
  const [ana, ben] = await Promise.all(
    texts.map(text => connectOverHttp(WIRES[2], `${server.url}/mcp`, { 'x-api-key': text })),
  )
  if (!ana || !ben) throw new Error('no clients')
  const pages = []
  for (let page = 0; page < 5; page++) pages.push(await pick(ana))
  expect((await ana.call('pick_photo')).text).toContain('5 photo pages are open already')
  const { address, image_url } = await pick(ben)
  expect((await send(String(pages[0]?.address))).text).toContain(
    '<html data-key="Ana &#60;b&#62;&#38;&#34;" lang="en">',
  )
  expect((await send(address)).text).toContain('<html data-key="Ben" lang="en">')
  expect((await post(address, await readFile(DEMO_PHOTO))).status).toBe(204)
  expect((await ana.call('search_by_image', { image_url })).text).toContain('There is no such photo')
  expect((await ben.call('search_by_image', { image_url, page_size: 1 })).text).toContain('same item')
  // As the picker in the chat sends photos that its browser cannot shrink.
  const noise = sharp({
    create: {
      width: 1_200,
      height: 1_200,
      channels: 3,
      noise: { type: 'gaussian', mean: 128, sigma: 60 },
      background: '#888',
    },
  })
  const large = `data:image/jpeg;base64,${(await noise.jpeg({ quality: 90 }).toBuffer()).toString('base64')}`
  expect(large.length).toBeGreaterThan(500_000)
  const searched = await ben.call('search_photo', { photos: [large, large] })
  expect(JSON.parse(searched.text)).toEqual(searched.structured)
  const { image_url: kept } = z.object({ image_url: z.string() }).parse(searched.structured)
  expect((await ana.call('search_by_image', { image_url: kept })).text).toContain('There is no such photo')
  await Promise.all([ana.close(), ben.close()])
  await server.close()
  ownDir.remove()
})

it('belongs to the key that asked for it, at the public address of serve', async () => {
  const env = { MCP1688_PUBLIC_URL: 'https://sourcing.example.com/1688' }
  const server = await startServe(dir.path, env)
  const anonymous = await connectOverHttp(WIRES[1], `${server.url}/mcp`)
  const page = await pick(anonymous)
  expect(page.address).toMatch(/^https:\/\/sourcing\.example\.com\/1688\/photo\/[\w-]{22}$/)
  expect(page.only_on_this_computer).toBe(false)
  const local = page.address.replace('https://sourcing.example.com/1688', server.url)
  const headers = { origin: 'https://sourcing.example.com' }
  expect(await post(local, await readFile(DEMO_PHOTO), headers)).toMatchObject({ status: 204 })
  await anonymous.close()
  await server.close()
})

/** Runs in the page: drops or pastes a file, a small picture if its type is one. */
const HAND_OVER = `async ([kind, name, type]) => {
  const picture = await new Promise(resolve => document.createElement('canvas').toBlob(resolve))
  const data = new DataTransfer()
  data.items.add(new File([type.startsWith('image/') ? picture : 'words'], name, { type }))
  const options = { bubbles: true, cancelable: true }
  const event = kind === 'drop'
    ? new DragEvent('drop', { ...options, dataTransfer: data })
    : new ClipboardEvent('paste', { ...options, clipboardData: data })
  document.querySelector('.picker').dispatchEvent(event)
}`

describe.skipIf(BROWSER === undefined)(`the page in a browser${WHY_SKIPPED}`, () => {
  let browser: Browser
  let ownDir: TempDir
  let ownClient: TestClient
  beforeAll(async () => {
    browser = await launchBrowser()
    ownDir = makeTempDir()
    ownClient = await connectOverStdio(WIRES[2], serverCommand(ownDir.path))
  })
  afterAll(async () => {
    await Promise.all([browser?.close(), ownClient?.close()])
    ownDir?.remove()
  })

  const inPage = async (width: number, look: (page: Page, image: string) => Promise<void>) => {
    const context = await browser.newContext({ viewport: { width, height: 800 } })
    const page = await context.newPage()
    const problems: string[] = []
    page.on('pageerror', error => problems.push(String(error)))
    page.on('console', message => message.type() === 'error' && problems.push(message.text()))
    const { address, image_url } = await pick(ownClient)
    await page.goto(address)
    await look(page, image_url)
    await context.close()
    expect(problems).toEqual([])
  }

  it('takes a chosen photo, turned and cropped', async () => {
    await inPage(360, async (page, image_url) => {
      await page.locator('input[type=file]').first().setInputFiles(path.resolve(DEMO_PHOTO))
      const canvas = page.locator('canvas')
      await canvas.waitFor()
      for (let turn = 0; turn < 4; turn++) await page.getByRole('button', { name: 'Turn' }).click()
      const box = await canvas.boundingBox()
      if (box === null) throw new Error('the photo is not shown')
      await page.mouse.move(box.x + 5, box.y + 5)
      await page.mouse.down()
      await page.mouse.move(box.x + box.width - 5, box.y + box.height - 5)
      await page.mouse.up()
      expect(await page.locator('.crop').isVisible()).toBe(true)
      await page.getByRole('button', { name: 'Find it' }).click()
      await page.getByRole('status').waitFor()
      const reply = await ownClient.call('search_by_image', { image_url, page_size: 3 })
      expect(reply.text).toContain('same item')
    })
  })

  it('takes a dropped and a pasted picture, and says what is not one', async () => {
    await inPage(768, async page => {
      const give = (event: 'drop' | 'paste', name: string, type: string) =>
        page.evaluate(`(${HAND_OVER})(${JSON.stringify([event, name, type])})`)
      await give('drop', 'notes.txt', 'text/plain')
      await page.getByText('This is not a picture.').waitFor()
      await give('drop', 'mug.png', 'image/png')
      await page.locator('canvas').waitFor()
      await page.getByRole('button', { name: 'Another photo' }).click()
      await give('paste', 'mug.png', 'image/png')
      await page.locator('canvas').waitFor()
    })
  })
})
