/** Hosts that pass on less than they should, on the real AppBridge. */
import type { Client } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BROWSER, WHY_SKIPPED } from '../support/browser.ts'
import { DEMO_PHOTO } from '../support/pictures.ts'
import { makeTempDir } from '../support/program.ts'
import { withAddresses, withProducts } from './altered-replies.ts'
import { connectHost, type RawResult } from './host.ts'
import { openStage, type Stage } from './stage.ts'

const INPUT = { image_url: DEMO_PHOTO, page_size: 10 }

const textAlone = ({ content }: RawResult): RawResult => ({ content })
const nothing = (): RawResult => ({ content: [] })
const refused: RawResult = { content: [{ type: 'text', text: 'Unknown tool' }], isError: true }

describe.skipIf(BROWSER === undefined)(`the product grid in a host${WHY_SKIPPED}`, () => {
  const dir = makeTempDir()
  let client: Client
  let stage: Stage
  let ten: RawResult
  let titles: string[]

  beforeAll(async () => {
    client = await connectHost(dir.path)
    const search = client.callTool({ name: 'search_by_image', arguments: INPUT })
    ;[stage, ten] = await Promise.all([openStage(client), search])
    titles = withProducts(ten).products.map(product => product.title)
  })
  afterAll(async () => {
    await stage?.close()
    await client?.close()
    dir.remove()
  })

  it('that withholds the JSON of every reply shows the same offers, in the same groups', async () => {
    const answer = (_name: string, result: RawResult) => textAlone(result)
    await stage.inView({ answer }, textAlone(ten), async ({ frame, seen }) => {
      await expect.poll(() => frame.locator('.card img').count()).toBe(10)
      expect(await frame.locator('.card .title').allTextContents()).toEqual(titles)
      expect(await frame.locator('h2').allTextContents()).toEqual(['Same item 1', 'Similar 2', 'Not alike 7'])
      expect(await frame.locator('h1').textContent()).toBe('10 of 310 offers')
      expect(await frame.locator('footer').textContent()).toMatch(/^sample · as of \d+ s ago · 0 credits spent$/)
      expect(seen.calls.every(({ name }) => name === 'get_offer_cards')).toBe(true)
    })
  })

  it('that withholds the whole reply makes the call again, at no cost, and asks before one that may cost', async () => {
    await stage.inView({}, nothing(), async ({ frame, seen, show }) => {
      await frame.getByRole('alert').waitFor()
      await show(nothing(), INPUT)
      await expect.poll(() => frame.locator('.card').count()).toBe(10)
      expect(seen.calls[0]).toMatchObject({ name: 'search_by_image', arguments: { ...INPUT, max_credits: 0 } })
    })
    let isFree = false
    const answer = (name: string, result: RawResult) => (name === 'search_by_image' && !isFree ? refused : result)
    await stage.inView({ answer }, nothing(), async ({ frame, seen, show }) => {
      await show(nothing(), INPUT)
      await frame.getByText('Unknown tool').waitFor()
      isFree = true
      await frame.getByRole('button', { name: 'Search again (may cost 1 credit)' }).click()
      await expect.poll(() => frame.locator('.card').count()).toBe(10)
      const searches = seen.calls.filter(({ name }) => name === 'search_by_image')
      // No more than the button says.
      expect(searches.map(call => call.arguments?.max_credits)).toEqual([0, 1])
    })
  })

  it('that has passed on an attachment shows it, turns its pages, and passes over a page that filters have emptied', async () => {
    const photo = { download_url: 'https://files.example.com/photo?sig=1', file_id: 'file_1' }
    const input = { photo, image_url: 'the attached photo', page_size: 10 }
    const answer = async (name: string, result: RawResult) => {
      if (name === 'get_offer_cards') {
        const { structuredContent, ...rest } = result
        const query_thumbnail = 'data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA='
        return { ...rest, structuredContent: { ...Object(structuredContent), query_thumbnail } }
      }
      return name === 'search_by_image' ? ten : result
    }
    const next = 'No offer on this page matches the filters; page 2 has more.'
    const emptied = { ...ten, structuredContent: { ...Object(ten.structuredContent), products: [], next } }
    for (const [shown, cards] of [
      [ten, 10],
      [emptied, 0],
    ] as const) {
      await stage.inView({ answer }, ten, async ({ frame, seen, show }) => {
        await show(shown, input)
        await expect.poll(() => frame.locator('.card').count()).toBe(cards)
        if (cards > 0) {
          await expect.poll(() => frame.locator('.photo-used img').count()).toBe(1)
          expect(seen.calls.map(call => call.arguments?.query)).toContain(photo.download_url)
        }
        await frame.getByRole('button', { name: 'Page 2' }).click()
        await expect
          .poll(() => seen.calls.find(({ name }) => name === 'search_by_image')?.arguments)
          .toMatchObject({ photo, page: 2 })
        await expect.poll(() => frame.locator('.card').count()).toBe(10)
      })
    }
  })

  it('that does not pass on the tool for cards asks the search itself for what is missing', async () => {
    const answer = (name: string, result: RawResult): RawResult => {
      if (name === 'get_offer_cards') return refused
      const { products, reply } = withProducts(result)
      const addressed = products.map(product => ({
        ...product,
        image_url: `https://cbu01.alicdn.com/img/${product.offer_id}.jpg`,
      }))
      return reply(addressed)
    }
    await stage.inView({ answer }, ten, async ({ frame, seen, show }) => {
      await show(ten, INPUT)
      await expect.poll(() => frame.locator('.card img').count()).toBe(10)
      expect(await frame.locator('.terms').first().textContent()).toMatch(/^MOQ \d+/)
      const search = seen.calls.find(({ name }) => name === 'search_by_image')
      expect(search?.arguments).toMatchObject({ ...INPUT, response_format: 'detailed', max_credits: 0 })
    })
  })

  it('that opens no links shows the address, and one that blocks pictures and is slow shows all the rest', async () => {
    const answer = async (name: string, result: RawResult) => {
      await new Promise(resolve => setTimeout(resolve, 300))
      if (name !== 'get_product_details') return withAddresses(name, result)
      const details = result.structuredContent
      const detail_url = 'https://detail.1688.com/offer/refuse.html'
      return { ...result, structuredContent: { ...Object(details), detail_url } }
    }
    await stage.inView({ answer, blocksPictures: true }, ten, async ({ frame }) => {
      await expect.poll(() => frame.locator('.card').count()).toBe(10)
      await frame.locator('button.title').first().click()
      await frame.getByRole('button', { name: 'Open on 1688' }).click()
      await expect
        .poll(() => frame.locator('.address').textContent())
        .toContain('https://detail.1688.com/offer/refuse.html')
    })
  })

  it('that gives the page a height of its own leaves all of it in reach', async () => {
    await stage.inView({ width: 360, fixedHeight: 320 }, ten, async ({ page, frame }) => {
      await expect.poll(() => frame.locator('.card img').count()).toBe(10)
      for (const index of [0, 1]) await frame.locator('.card input').nth(index).check()
      await frame.getByRole('button', { name: 'Compare', exact: true }).click()
      await expect.poll(() => frame.locator('tbody tr').count()).toBe(2)
      await frame.getByRole('button', { name: 'Back to offers' }).click()
      await frame.locator('footer').scrollIntoViewIfNeeded()
      expect(await frame.locator('footer').isVisible()).toBe(true)
      expect((await page.locator('iframe').boundingBox())?.height).toBe(320)
    })
  })

  it.each([
    [1200, 2],
    [360, 1],
  ])('has two rows of cards in the first 500 pixels at %i', async (width, columns) => {
    const { products, reply } = withProducts(ten)
    const alike = reply(products.map(product => ({ ...product, likeness: 'similar' })))
    await stage.inView({ width, answer: withAddresses }, alike, async ({ page, frame }) => {
      await expect.poll(() => frame.locator('.card img').count()).toBe(10)
      const bottoms = await frame
        .locator('.card')
        .evaluateAll(cards => cards.map(card => card.getBoundingClientRect().bottom))
      const footer = (await frame.locator('footer').boundingBox())?.y ?? 0
      expect(footer).toBeLessThanOrEqual(500)
      expect(bottoms.filter(bottom => bottom <= footer).length).toBeGreaterThanOrEqual(2 * columns)
      const view = page.frames()[1]
      expect(await view?.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0)
      const small = `[...document.querySelectorAll('button, select, summary, .tick')].filter(e => !e.matches('.title') && e.getBoundingClientRect().height > 0 && e.getBoundingClientRect().height < 44).map(e => e.outerHTML)`
      expect(await view?.evaluate(small)).toEqual([])
    })
  })
})
