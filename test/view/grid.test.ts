import { statSync } from 'node:fs'
import path from 'node:path'
import type { Client } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessibilityViolations } from '../support/axe.ts'
import { BROWSER, WHY_SKIPPED } from '../support/browser.ts'
import { DEMO_PHOTO } from '../support/pictures.ts'
import { makeTempDir, ROOT } from '../support/program.ts'
import { HOSTILE_TITLES, withAddresses, withProducts } from './altered-replies.ts'
import { callInPage, connectHost, type RawResult, readViewPage, type View } from './host.ts'
import { openStage, type Stage } from './stage.ts'

/** The grid, with drawer and comparison, without the picker. */
const GRID_MAX_BYTES = 45_000

/** Grid, photo picker and the page for a photo: grid and picker are sent with the first search; no model reads them. */
const ALL_PAGES_MAX_BYTES = 60_000

const dir = makeTempDir()
let client: Client
const search = (input: Record<string, unknown>): Promise<RawResult> =>
  client.callTool({ name: 'search_by_image', arguments: { image_url: DEMO_PHOTO, ...input } })

beforeAll(async () => {
  client = await connectHost(dir.path)
})
afterAll(async () => {
  await client?.close()
  dir.remove()
})

describe('the product grid as a resource', () => {
  it('is one small page that loads only from 1688', async () => {
    const { html, csp, mimeType } = await readViewPage(client)
    expect(mimeType).toBe('text/html;profile=mcp-app')
    const sizes = ['grid', 'picker', 'upload'].map(name => statSync(path.join(ROOT, `dist/${name}.html`)).size)
    expect(sizes[0]).toBeLessThan(GRID_MAX_BYTES)
    expect(sizes.reduce((sum, bytes) => sum + bytes)).toBeLessThanOrEqual(ALL_PAGES_MAX_BYTES)
    expect(html).not.toMatch(/https?:\/\/|import\(|eval\(|innerHTML/)
    expect(csp.connectDomains).toEqual([])
    for (const origin of csp.resourceDomains) expect(origin).toMatch(/^https:\/\/[a-z0-9]+\.alicdn\.com$/)
  })

  it('has free thumbnails, and no cards for unknown offers', async () => {
    const [first] = withProducts(await search({ page_size: 1 })).products
    const input = { offer_ids: [String(first?.offer_id), '99999'], thumbnails: true }
    const reply = await client.callTool({ name: 'get_offer_cards', arguments: input })
    expect(reply.structuredContent).toEqual({
      cards: [
        expect.objectContaining({ offer_id: first?.offer_id, moq: expect.any(Number), unit: expect.any(String) }),
      ],
    })
    const [, base64 = ''] = /"data:image\/webp;base64,([^"]+)"/.exec(JSON.stringify(reply.structuredContent)) ?? []
    const bytes = Buffer.from(base64, 'base64')
    expect(bytes.subarray(8, 12).toString()).toBe('WEBP')
    expect(bytes.length).toBeLessThan(20_000)
    const wrong = await client.callTool({ name: 'get_offer_cards', arguments: { offer_ids: ['no id'] } })
    expect(wrong.isError).toBe(true)
  })
})

describe.skipIf(BROWSER === undefined)(`the product grid in a host${WHY_SKIPPED}`, () => {
  let stage: Stage
  let ten: RawResult
  const inView: Stage['inView'] = (...scene) => stage.inView(...scene)

  beforeAll(async () => {
    ;[stage, ten] = await Promise.all([openStage(client), search({ page_size: 10 })])
  })
  afterAll(() => stage?.close())

  it('shows the offers of a concise reply, and adds the missing pictures and MOQs', async () => {
    await inView({}, ten, async ({ frame, seen }) => {
      const { products } = withProducts(ten)
      await expect.poll(() => frame.locator('.card img').count()).toBe(10)
      expect(await frame.locator('.card .title').allTextContents()).toEqual(products.map(({ title }) => title))
      expect(await frame.locator('.price').first().textContent()).toContain(
        String(products[0]?.price).replace('-', '–'),
      )
      expect(await frame.locator('.terms').first().textContent()).toMatch(/^MOQ \d+/)
      expect(seen.calls.every(({ name }) => name === 'get_offer_cards')).toBe(true)
    })
  })

  it('offers neither a comparison nor another photo where the server has no tool for it', async () => {
    const core = await connectHost(dir.path, { MCP1688_TOOLS: 'core' })
    const coreStage = await openStage(core)
    await coreStage.inView({}, ten, async ({ frame }) => {
      await frame.locator('.card input[type=checkbox]').first().check()
      expect(await frame.locator('.tray').isVisible()).toBe(true)
      expect(await frame.locator('.tray .main').count()).toBe(0)
      expect(await frame.locator('.again button').count()).toBe(0)
    })
    await Promise.all([coreStage.close(), core.close()])
  })

  it('loads pictures from 1688 by address, and as data if the host blocks that', async () => {
    await inView({ answer: withAddresses }, ten, async ({ frame, seen }) => {
      await frame.locator('summary').click()
      await expect.poll(() => frame.locator('.card img').count()).toBe(10)
      await frame.locator('.card').last().scrollIntoViewIfNeeded()
      await expect.poll(() => new Set(seen.loaded).size).toBe(10)
      expect(seen.calls).toHaveLength(1)
    })
    await inView({ answer: withAddresses, blocksPictures: true }, ten, async ({ frame, seen }) => {
      await frame.locator('summary').click()
      await frame.locator('.card').last().scrollIntoViewIfNeeded()
      await expect.poll(() => frame.locator('.card img[src^="data:image/webp"]').count()).toBe(10)
      expect(seen.loaded).toEqual([])
      expect(seen.calls.filter(call => call.arguments?.thumbnails === true)).not.toHaveLength(0)
    })
  })

  it('stays readable in a host that calls no tools', async () => {
    const answer = () => ({ content: [], isError: true })
    await inView({ answer }, ten, async ({ frame }) => {
      await expect.poll(() => frame.locator('.card').count()).toBe(10)
      expect(await frame.locator('.card img').count()).toBe(0)
    })
  })

  it('shows hostile titles as plain text', async () => {
    const { products, reply } = withProducts(ten)
    const word = 'W'.repeat(200)
    const hostile = products.map((product, index) => ({
      ...product,
      title: HOSTILE_TITLES[index] ?? product.title,
      ...(index === 0 ? { price: '9'.repeat(60), unit: word, city: word, shop_name: word } : {}),
    }))
    const look = async ({ page, frame, seen }: View) => {
      page.on('dialog', () => seen.errors.push('a script of a title ran'))
      await expect.poll(() => frame.locator('.card img').count()).toBe(10)
      const shown = await frame.locator('.card .title').allTextContents()
      expect(shown.slice(0, HOSTILE_TITLES.length)).toEqual([...HOSTILE_TITLES])
      expect(await frame.locator('.card script, .card a, .card iframe, .card svg').count()).toBe(0)
      expect(seen.loaded.filter(url => !url.includes('alicdn.com'))).toEqual([])
      // Even a very long word fits in its card.
      const tooWide =
        '[document.documentElement, ...document.querySelectorAll(".grid, .card")].filter(e => e.scrollWidth > e.clientWidth).length'
      expect(await page.frames()[1]?.evaluate(tooWide)).toBe(0)
    }
    await inView({ answer: withAddresses }, reply(hostile), look)
    await inView({ answer: withAddresses, width: 320 }, reply(hostile), look)
  })

  it('sorts and filters', async () => {
    await inView({}, ten, async ({ frame }) => {
      await frame.getByLabel('Sort').selectOption('cheap')
      const numbers = async (group: string) =>
        (await frame.locator(`${group} .price b`).allTextContents()).map(text => Number.parseFloat(text.slice(1)))
      // Within each group: a cheap pair of socks is not a better bottle.
      for (const group of ['section', 'details']) {
        const prices = await numbers(group)
        const sections = group === 'section' ? await frame.locator('section').count() : 1
        if (sections === 1) expect(prices).toEqual([...prices].sort((a, b) => a - b))
      }
      const prices = (await numbers('.grid')).sort((a, b) => a - b)
      await frame.getByRole('button', { name: 'Filters' }).click()
      await frame.getByLabel('Price up to ¥').fill(String(prices[3]))
      const passing = prices.filter(price => price <= (prices[3] ?? 0)).length
      await expect.poll(() => frame.locator('.card').count()).toBe(passing)
      expect(await frame.locator('[role=status]').first().textContent()).toBe(`${passing} of 10 shown`)
      await frame.getByLabel('Price up to ¥').fill('0.01')
      expect(await frame.getByText('No offers match these filters.').isVisible()).toBe(true)
      await frame.getByRole('button', { name: 'Clear' }).first().click()
      await expect.poll(() => frame.locator('.card').count()).toBe(10)
    })
  })

  it('applies filters to values from cards that arrive later', async () => {
    let letThrough = () => {}
    const listed = new Set<string | undefined>()
    const cards = new Promise<void>(resolve => {
      letThrough = resolve
    })
    const answer = async (_name: string, result: RawResult) => {
      await cards
      const withMoq = JSON.stringify(result.structuredContent).matchAll(/"offer_id":"(\d+)"[^{}]*"moq":/g)
      for (const [, offerId] of withMoq) listed.add(offerId)
      return result
    }
    await inView({ answer }, ten, async ({ frame }) => {
      await frame.getByRole('button', { name: 'Filters' }).click()
      await frame.getByLabel('MOQ up to').fill('100000')
      await frame.locator('summary').click()
      const marks = frame.locator('.unlisted:visible')
      await expect.poll(() => marks.allTextContents()).toEqual(Array(10).fill('Not listed: MOQ'))
      letThrough()
      // Some sample offers list no MOQ at all.
      await expect.poll(async () => (await marks.count()) + listed.size).toBe(10)
      expect(listed.size).toBeGreaterThan(5)
      expect(await frame.locator('.card').count()).toBe(10)
    })
  })

  it('reports picks to the model, opens listings through the host, and works with the keyboard alone', async () => {
    await inView({ answer: withAddresses }, ten, async ({ page, frame, seen }) => {
      const ids = withProducts(ten).products.map(product => product.offer_id)
      await expect.poll(() => frame.locator('button.title').count()).toBe(10)
      await frame.locator('.card input').first().focus()
      await page.keyboard.press('Space')
      await page.keyboard.press('ArrowRight')
      await page.keyboard.press('Space')
      await expect.poll(() => seen.told.at(-1)).toBe(`Picked in the product grid: ${ids[0]}, ${ids[1]}`)
      expect(await frame.locator('.tray').textContent()).toContain('2 selected')
      await frame.locator('button.title').first().focus()
      await page.keyboard.press('End')
      await page.keyboard.press('Enter')
      // The last card that is in sight: what is not alike is folded away.
      await frame.getByRole('dialog').locator('td').first().waitFor()
      expect(seen.told.at(-1)).toBe(`The person is looking at offer ${ids[2]} in the product grid.`)
      const inner = page.frames()[1]
      expect(inner && (await accessibilityViolations(inner))).toEqual([])
      await page.keyboard.press('Escape')
      await frame.getByRole('dialog').waitFor({ state: 'hidden' })
      expect(await inner?.evaluate('document.activeElement.className')).toBe('title')
    })
  })

  it('follows the language, theme and size of the host, and its teardown', async () => {
    await inView({}, ten, async ({ page, frame, seen }) => {
      const view = page.frames()[1]
      const height = async () => (await page.locator('iframe').boundingBox())?.height
      await callInPage(page, 'setContext', { locale: 'zh-CN', theme: 'dark' })
      await expect.poll(() => frame.locator('h1').textContent()).toContain('个货源')
      expect(await frame.locator('.note').first().textContent()).toContain('示例')
      expect(await view?.evaluate('document.documentElement.lang + getComputedStyle(document.body).colorScheme')).toBe(
        'zh-CNdark',
      )
      expect(await height()).toBeLessThanOrEqual(500)
      await frame.getByRole('button', { name: '全屏' }).click()
      await expect.poll(height).toBe(760)
      expect(await frame.getByRole('button', { name: '全屏' }).count()).toBe(0)
      await callInPage(page, 'teardown')
      expect(seen.errors).toEqual([])
    })
  })

  it('says so if there is nothing to show', async () => {
    const none = await search({ location: 'Lhasa' })
    await inView({}, none, async ({ page, frame }) => {
      await expect.poll(() => frame.locator('.message').textContent()).toBe('No offers to show.')
      expect(await frame.locator('.note').textContent()).toContain('SAMPLE DATA')
      await page.evaluate('sendInput({ page: 2 })')
      await expect.poll(() => frame.locator('main').getAttribute('aria-busy')).toBe('true')
      await page.evaluate('sendCancelled()')
      await expect.poll(() => frame.locator('main').textContent()).toBe('Cancelled.')
    })
    const failed = await search({ image_url: '/no/such/picture.png' })
    await inView({}, failed, async ({ frame }) => {
      await expect.poll(() => frame.getByRole('alert').textContent()).toContain('code: ')
    })
  })
})
