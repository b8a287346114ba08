import type { Client } from '@modelcontextprotocol/client'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessibilityViolations } from '../support/axe.ts'
import { BROWSER, launchBrowser, WHY_SKIPPED } from '../support/browser.ts'
import { DEMO_PHOTO } from '../support/pictures.ts'
import { makeTempDir } from '../support/program.ts'
import { HOSTILE_TITLES, withAddresses, withProducts } from './altered-replies.ts'
import {
  bundleHostPage,
  callInPage,
  connectHost,
  openView,
  type RawResult,
  readGrid,
  type ViewOptions,
} from './host.ts'

/** The grid is sent with every first search of a conversation. */
const GRID_MAX_BYTES = 30_000

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
  it('is one small page that loads from 1688 alone', async () => {
    const { html, csp, mimeType } = await readGrid(client)
    expect(mimeType).toBe('text/html;profile=mcp-app')
    expect(Buffer.byteLength(html)).toBeLessThan(GRID_MAX_BYTES)
    expect(html).not.toMatch(/https?:\/\/|import\(|eval\(|innerHTML/)
    expect(csp.connectDomains).toEqual([])
    for (const origin of csp.resourceDomains) expect(origin).toMatch(/^https:\/\/[a-z0-9]+\.alicdn\.com$/)
  })

  it('has thumbnails for no credit, and nothing on offers that nobody knows', async () => {
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
  let browser: Browser
  let script: string
  let ten: RawResult

  beforeAll(async () => {
    ;[browser, script, ten] = await Promise.all([launchBrowser(), bundleHostPage(), search({ page_size: 10 })])
  })
  afterAll(() => browser?.close())

  /** Opens a view, shows a reply in it, and closes it in the end. */
  const inView = async (
    options: ViewOptions,
    reply: RawResult,
    look: (view: Awaited<ReturnType<typeof openView>>) => Promise<void>,
  ) => {
    const view = await openView(browser, client, script, options)
    try {
      await view.show(reply)
      await look(view)
      expect(view.seen.errors).toEqual([])
    } finally {
      await view.close()
    }
  }

  it('shows the offers of a concise reply, with pictures and MOQ that it does not hold', async () => {
    await inView({}, ten, async ({ frame, seen }) => {
      const { products } = withProducts(ten)
      await expect.poll(() => frame.locator('.card img').count()).toBe(10)
      expect(await frame.locator('.card .title').allTextContents()).toEqual(products.map(({ title }) => title))
      expect(await frame.locator('.price').first().textContent()).toContain(
        String(products[0]?.price).replace('-', '–'),
      )
      expect(await frame.locator('.terms').first().textContent()).toMatch(/^MOQ \d+/)
      expect(seen.calls.every(({ name }) => name === 'get_offer_cards')).toBe(true)
      // A sample cannot be ordered: nothing leads to a listing.
      expect(await frame.locator('button.title').count()).toBe(0)
    })
  })

  it('loads pictures from 1688 by address, and as data where the host blocks that', async () => {
    await inView({ answer: withAddresses }, ten, async ({ frame, seen }) => {
      await expect.poll(() => frame.locator('.card img').count()).toBe(10)
      await expect.poll(() => new Set(seen.loaded).size).toBe(10)
      expect(seen.calls).toHaveLength(1)
    })
    await inView({ answer: withAddresses, blocksPictures: true }, ten, async ({ frame, seen }) => {
      await expect.poll(() => frame.locator('.card img[src^="data:image/webp"]').count()).toBe(10)
      expect(seen.loaded).toEqual([])
      expect(seen.calls.filter(call => call.arguments?.thumbnails === true)).not.toHaveLength(0)
    })
  })

  it('stays readable where the host calls no tools', async () => {
    const answer = () => ({ content: [], isError: true })
    await inView({ answer }, ten, async ({ frame }) => {
      await expect.poll(() => frame.locator('.card').count()).toBe(10)
      expect(await frame.locator('.card img').count()).toBe(0)
    })
  })

  it('shows hostile titles as the text that they are', async () => {
    const { products, reply } = withProducts(ten)
    const hostile = products.map((product, index) => ({ ...product, title: HOSTILE_TITLES[index] ?? product.title }))
    await inView({ answer: withAddresses }, reply(hostile), async ({ page, frame, seen }) => {
      page.on('dialog', () => seen.errors.push('a script of a title ran'))
      await expect.poll(() => frame.locator('.card img').count()).toBe(10)
      const shown = await frame.locator('.card .title').allTextContents()
      expect(shown.slice(0, HOSTILE_TITLES.length)).toEqual([...HOSTILE_TITLES])
      expect(await frame.locator('.card script, .card a, .card iframe, .card svg').count()).toBe(0)
      expect(seen.loaded.filter(url => !url.includes('alicdn.com'))).toEqual([])
      // The longest word there is does not push anything out of its card.
      expect(await page.frames()[1]?.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(
        0,
      )
    })
  })

  it('sorts and filters', async () => {
    await inView({}, ten, async ({ frame }) => {
      await frame.getByLabel('Sort').selectOption('cheap')
      const prices = (await frame.locator('.price b').allTextContents()).map(text => Number.parseFloat(text.slice(1)))
      expect(prices).toEqual([...prices].sort((a, b) => a - b))
      await frame.getByLabel('Price up to ¥').fill(String(prices[3]))
      const passing = prices.filter(price => price <= (prices[3] ?? 0)).length
      await expect.poll(() => frame.locator('.card').count()).toBe(passing)
      expect(await frame.locator('[role=status]').first().textContent()).toBe(`${passing} of 10 shown`)
      await frame.getByLabel('Price up to ¥').fill('0.01')
      expect(await frame.getByText('No offer passes these filters.').isVisible()).toBe(true)
      await frame.getByRole('button', { name: 'Clear' }).first().click()
      await expect.poll(() => frame.locator('.card').count()).toBe(10)
    })
  })

  it('tells the model what was picked, opens listings through the host, and is driven by keys alone', async () => {
    await inView({ answer: withAddresses }, ten, async ({ page, frame, seen }) => {
      const ids = withProducts(ten).products.map(product => product.offer_id)
      await expect.poll(() => frame.locator('button.title').count()).toBe(10)
      await frame.locator('.card input').first().focus()
      await page.keyboard.press('Space')
      await page.keyboard.press('ArrowRight')
      await page.keyboard.press('Space')
      await expect.poll(() => seen.told.at(-1)).toBe(`Picked in the product grid: ${ids[0]}, ${ids[1]}`)
      expect(await frame.locator('.tray').textContent()).toContain('2 selected')
      await frame.locator('button.title').nth(2).focus()
      await page.keyboard.press('Enter')
      await expect.poll(() => seen.links).toEqual([`https://detail.1688.com/offer/${ids[2]}.html`])
      await page.keyboard.press('End')
      await page.keyboard.press('Enter')
      await expect.poll(() => seen.links.at(-1)).toBe(`https://detail.1688.com/offer/${ids[9]}.html`)
    })
  })

  it('compares what was picked, and asks before that costs anything', async () => {
    const dryRunCosts = (name: string, result: RawResult): RawResult => {
      const plan = result.structuredContent
      const isDryRun = name === 'compare_products' && typeof plan === 'object' && plan !== null && 'dry_run' in plan
      return isDryRun
        ? { ...result, structuredContent: { ...plan, dry_run: { offers: 2, free: 0, credits: 2 } } }
        : result
    }
    await inView({ answer: dryRunCosts }, ten, async ({ page, frame, seen }) => {
      const { products } = withProducts(ten)
      for (const index of [0, 1]) await frame.locator('.card input').nth(index).check()
      await frame.getByLabel('Quantity').fill('100')
      await frame.getByRole('button', { name: 'Compare' }).click()
      await frame.getByRole('button', { name: 'Compare for 2 credits' }).click()
      await expect.poll(() => frame.locator('tbody tr').count()).toBe(2)
      const ids = products.slice(0, 2).map(product => product.offer_id)
      const asked = seen.calls.filter(({ name }) => name === 'compare_products').map(call => call.arguments)
      expect(asked).toEqual([
        { offer_ids: ids, quantity: 100, dry_run: true },
        { offer_ids: ids, quantity: 100, dry_run: false },
      ])
      const numbers = await frame.locator('tbody td.number').allTextContents()
      expect(numbers.filter(text => /^100 \p{Script=Han}$/u.test(text))).not.toEqual([])
      await expect.poll(() => frame.locator('tbody img').count()).toBe(2)
      const view = page.frames()[1]
      expect(view && (await accessibilityViolations(view))).toEqual([])
      await frame.getByRole('button', { name: 'Back to the offers' }).click()
      expect(await frame.locator('.card input:checked').count()).toBe(2)
    })
    const compared = await client.callTool({
      name: 'compare_products',
      arguments: { offer_ids: withProducts(ten).products.map(product => product.offer_id) },
    })
    await inView({ width: 360 }, compared, async ({ frame }) => {
      await expect.poll(() => frame.locator('tbody img').count()).toBe(10)
      expect(await frame.locator('h1').textContent()).toBe('10 offers compared')
    })
  })

  it('follows the host: language, theme, room, and its end', async () => {
    await inView({}, ten, async ({ page, frame, seen }) => {
      const view = page.frames()[1]
      const height = async () => (await page.locator('iframe').boundingBox())?.height
      await callInPage(page, 'setContext', { locale: 'zh-CN', theme: 'dark' })
      await expect.poll(() => frame.locator('h1').textContent()).toContain('个货源')
      expect(await view?.evaluate('document.documentElement.lang + getComputedStyle(document.body).colorScheme')).toBe(
        'zh-CNdark',
      )
      expect(await height()).toBeLessThanOrEqual(500)
      await frame.getByRole('button', { name: '全屏' }).click()
      await expect.poll(height).toBe(760)
      await callInPage(page, 'teardown')
      expect(seen.errors).toEqual([])
    })
  })

  it('says so where there is nothing to show', async () => {
    const none = await search({ location: 'Lhasa' })
    await inView({}, none, async ({ page, frame }) => {
      await expect.poll(() => frame.locator('.message').textContent()).toBe('No offers to show.')
      expect(await frame.locator('.note').textContent()).toContain('SAMPLE DATA')
      await page.evaluate('sendInput({ page: 2 })')
      await expect.poll(() => frame.locator('main').getAttribute('aria-busy')).toBe('true')
      await page.evaluate('sendCancelled()')
      await expect.poll(() => frame.locator('main').textContent()).toBe('The search was cancelled.')
    })
    const failed = await search({ image_url: '/no/such/picture.png' })
    await inView({}, failed, async ({ frame }) => {
      await expect.poll(() => frame.getByRole('alert').textContent()).toContain('code: ')
    })
  })

  it('breaks no rule of axe-core, wide and narrow, light and dark, with sixty offers', async () => {
    const sixty = await search({ page_size: 60 })
    for (const [width, theme] of [
      [1200, 'light'],
      [360, 'dark'],
    ] as const) {
      await inView({ width, theme, answer: withAddresses }, sixty, async ({ page, frame }) => {
        await expect.poll(() => frame.locator('button.title').count()).toBe(60)
        await frame.locator('.card input').first().check()
        const view = page.frames()[1]
        expect(view && (await accessibilityViolations(view))).toEqual([])
      })
    }
  })
})
