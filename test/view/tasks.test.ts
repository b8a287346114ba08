/** What a buyer does with the grid, by script, in no more clicks than were allowed before the page was built. */
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Client } from '@modelcontextprotocol/client'
import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BROWSER, WHY_SKIPPED } from '../support/browser.ts'
import { DEMO_PHOTO } from '../support/pictures.ts'
import { makeTempDir, ROOT } from '../support/program.ts'
import { withProducts } from './altered-replies.ts'
import { BUYER_TASKS, type BuyerTask } from './buyer-tasks.ts'
import { connectHost, type RawResult, type View } from './host.ts'
import { openStage, type Stage } from './stage.ts'

const INPUT = { image_url: DEMO_PHOTO, page_size: 12, region: '10,10,80,80' }

const OTHER_PHOTO = path.join(ROOT, 'assets/sample/pictures/backpack-01.webp')

/** The sample lists no evidence. */
const EVIDENCE = ['sold 5万+, repurchase 13%, factory 7y', 'trader 3y, ad', 'factory 12y']

describe.skipIf(BROWSER === undefined)(`a buyer at the product grid${WHY_SKIPPED}`, () => {
  const dir = makeTempDir()
  let client: Client
  let stage: Stage
  let found: RawResult

  beforeAll(async () => {
    mkdirSync(path.join(dir.path, '.config', 'mcp-1688'), { recursive: true })
    writeFileSync(path.join(dir.path, '.config', 'mcp-1688', 'costs.json'), JSON.stringify({ duty_rate: 4, fees: 10 }))
    client = await connectHost(dir.path, { MCP1688_FX: 'USD=7.1' })
    const search = client.callTool({ name: 'search_by_image', arguments: INPUT })
    ;[stage, found] = await Promise.all([openStage(client), search])
    const { products, reply } = withProducts(found)
    found = reply(products.map((product, index) => ({ ...product, evidence: EVIDENCE[index % EVIDENCE.length] })))
  })
  afterAll(async () => {
    await stage?.close()
    await client?.close()
    dir.remove()
  })

  /** Opens the grid, and counts what the buyer presses. */
  const task = (name: BuyerTask, act: (view: View, press: (what: Locator) => Promise<void>) => Promise<void>) =>
    it(name, async () => {
      await stage.inView({ width: 360 }, found, async view => {
        await view.show(found, INPUT)
        let clicks = 0
        const press = async (what: Locator) => {
          clicks += 1
          await what.click()
        }
        await act(view, press)
        expect(clicks).toBeLessThanOrEqual(BUYER_TASKS[name])
      })
    })
  const named = ({ frame }: View, name: string) => frame.getByRole('button', { name, exact: true })
  const pick = async ({ frame }: View, press: (what: Locator) => Promise<void>) => {
    for (const index of [0, 1, 2]) await press(frame.locator('.card .tick').nth(index))
  }

  task('sees what a found offer costs in steps, and its variants', async ({ frame }, press) => {
    await press(frame.locator('button.title').first())
    const drawer = frame.getByRole('dialog')
    await drawer.getByRole('cell', { name: '墨绿/500ml' }).waitFor()
    expect(await drawer.getByRole('cell', { name: '¥22.60' }).count()).toBe(1)
  })

  task('narrows the offers to factories under 15 CNY', async (view, press) => {
    const { frame } = view
    await press(named(view, 'Filters'))
    await press(frame.getByLabel('Factories only'))
    await press(frame.getByLabel('Price up to ¥'))
    await frame.getByLabel('Price up to ¥').fill('15')
    await named(view, 'Filters (2)').waitFor()
    await press(frame.locator('summary'))
    const prices = await frame.locator('.card .price b').allTextContents()
    expect(prices.length).toBeGreaterThan(0)
    for (const price of prices) expect(Number.parseFloat(price.slice(1))).toBeLessThanOrEqual(15)
    expect(await frame.locator('.card .trader').count()).toBe(0)
  })

  task('picks three offers', async (view, press) => {
    await pick(view, press)
    await expect.poll(() => view.seen.told.at(-1)).toMatch(/^Picked in the product grid: \d{5}, \d{5}, \d{5}$/)
    // The photo is beside them, with the part that was used.
    expect(await view.frame.locator('.photo-used img').getAttribute('src')).toMatch(/^data:image\/webp/)
    expect(await view.frame.locator('.photo-used i').getAttribute('style')).toContain('width: 80%')
  })

  task('compares three offers at 500 pieces', async (view, press) => {
    await pick(view, press)
    await press(view.frame.getByLabel('Quantity'))
    await view.page.keyboard.type('500')
    await press(named(view, 'Compare'))
    await expect.poll(() => view.frame.locator('tbody tr').count()).toBe(3)
    expect(await view.frame.locator('tbody').textContent()).toContain('500 ')
    // On a phone, the offer stays in sight while the columns move.
    await view.frame.locator('.table').evaluate('node => { node.scrollLeft = 400 }')
    expect((await view.frame.locator('tbody th').first().boundingBox())?.x).toBeLessThan(20)
  })

  task('sees what three offers cost in USD where they arrive', async (view, press) => {
    await pick(view, press)
    await press(view.frame.getByLabel('Quantity'))
    await view.page.keyboard.type('500')
    await press(view.frame.getByLabel('Currency beside CNY'))
    await press(view.frame.getByLabel('Currency beside CNY'))
    await view.frame.getByLabel('Currency beside CNY').selectOption('USD')
    await press(named(view, 'Compare'))
    await view.frame.getByRole('columnheader', { name: 'Landed' }).waitFor()
    expect(await view.frame.locator('tbody tr').first().textContent()).toMatch(/≥ ¥[\d.,–]+\s≈ [\d.–]+ USD/)
    expect(await view.frame.locator('.note').first().textContent()).toContain('Landed cost without domestic freight')
  })

  task('exports three offers to a sheet', async (view, press) => {
    await pick(view, press)
    await press(named(view, 'Compare'))
    await press(named(view, 'Export'))
    await expect.poll(() => view.frame.locator('.address').textContent()).toMatch(/1688-offers-.*\.xlsx$/)
  })

  task('turns to the next page', async (view, press) => {
    const first = await view.frame.locator('.title').first().textContent()
    await press(named(view, 'Page 2'))
    await named(view, 'Page 3').waitFor()
    expect(await view.frame.locator('.title').first().textContent()).not.toBe(first)
    const asked = { page: 2, max_credits: 0, region: INPUT.region }
    expect(view.seen.calls.map(call => call.arguments)).toContainEqual(expect.objectContaining(asked))
  })

  task('searches with another photo', async (view, press) => {
    const { frame, seen } = view
    const first = await frame.locator('.title').first().textContent()
    await press(named(view, 'Another photo'))
    await press(frame.getByText('Choose a photo', { exact: true }))
    await frame.locator('input[type=file]').first().setInputFiles(OTHER_PHOTO)
    await press(named(view, 'Find it'))
    await expect.poll(() => frame.locator('.photo-used img').getAttribute('src')).toMatch(/^data:image\/jpeg/)
    expect(await frame.locator('h2').first().textContent()).toContain('Same item')
    expect(await frame.locator('.title').first().textContent()).not.toBe(first)
    expect(seen.told.at(-1)).toMatch(/image_url of this photo, for further searches: photo:/)
    // The next page is one of this photo, too.
    await named(view, 'Page 2').click()
    await named(view, 'Page 3').waitFor()
    expect(seen.calls.findLast(({ name }) => name === 'search_by_image')?.arguments).toMatchObject({
      image_url: expect.stringMatching(/^photo:/),
      page: 2,
    })
  })

  task('reads the page in Chinese', async (view, press) => {
    await press(named(view, '中文'))
    await expect.poll(() => view.frame.locator('h1').textContent()).toContain('个货源')
    expect(await view.frame.locator('h2').first().textContent()).toContain('同款')
  })

  task('picks and compares with the keyboard alone', async view => {
    const { page, frame } = view
    await frame.locator('.card input').first().focus()
    for (const key of ['Space', 'ArrowDown', 'Space']) await page.keyboard.press(key)
    await expect.poll(() => frame.locator('.tray b').textContent()).toBe('2 selected')
    const isAtCompare = () => page.frames()[1]?.evaluate('document.activeElement.textContent === "Compare"')
    for (let presses = 0; presses < 30 && !(await isAtCompare()); presses += 1) await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await expect.poll(() => frame.locator('tbody tr').count()).toBe(2)
  })
})
