import type { Client } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessibilityViolations } from '../support/axe.ts'
import { BROWSER, WHY_SKIPPED } from '../support/browser.ts'
import { DEMO_PHOTO } from '../support/pictures.ts'
import { makeTempDir } from '../support/program.ts'
import { withProducts } from './altered-replies.ts'
import { callInPage, connectHost, type RawResult, type View } from './host.ts'
import { openStage, type Stage } from './stage.ts'

describe.skipIf(BROWSER === undefined)(`comparing in the product grid${WHY_SKIPPED}`, () => {
  const dir = makeTempDir()
  let client: Client
  let stage: Stage
  let ten: RawResult
  let ids: string[]

  beforeAll(async () => {
    client = await connectHost(dir.path)
    const search = client.callTool({ name: 'search_by_image', arguments: { image_url: DEMO_PHOTO, page_size: 10 } })
    ;[stage, ten] = await Promise.all([openStage(client), search])
    ids = withProducts(ten).products.map(product => product.offer_id)
  })
  afterAll(async () => {
    await stage?.close()
    await client?.close()
    dir.remove()
  })

  /** Makes every dry run cost two credits. */
  const dryRunCosts = (name: string, result: RawResult): RawResult => {
    const plan = result.structuredContent
    const isDryRun = name === 'compare_products' && typeof plan === 'object' && plan !== null && 'dry_run' in plan
    return isDryRun
      ? { ...result, structuredContent: { ...plan, dry_run: { offers: 2, free: 0, credits: 2 } } }
      : result
  }
  const pick = async ({ frame }: View, ...indexes: number[]) => {
    for (const index of indexes) await frame.locator('.card input').nth(index).check()
  }
  const button = ({ frame }: View, name: string) => frame.getByRole('button', { name, exact: true })
  const asked = ({ seen }: View) =>
    seen.calls.filter(({ name }) => name === 'compare_products').map(call => call.arguments)

  it('asks before spending credits, shows a table of the picked offers, and leads back', async () => {
    await stage.inView({ answer: dryRunCosts }, ten, async view => {
      const { page, frame } = view
      await pick(view, 0, 1)
      await frame.getByLabel('Quantity').fill('100')
      await button(view, 'Compare').click()
      await button(view, 'Compare for 2 credits').click()
      await expect.poll(() => frame.locator('tbody tr').count()).toBe(2)
      const input = { offer_ids: ids.slice(0, 2), quantity: 100 }
      expect(asked(view)).toEqual([
        { ...input, dry_run: true },
        { ...input, dry_run: false },
      ])
      const numbers = await frame.locator('tbody td.number').allTextContents()
      expect(numbers.filter(text => /^100 \p{Script=Han}$/u.test(text))).not.toEqual([])
      await expect.poll(() => frame.locator('tbody img').count()).toBe(2)
      const inner = page.frames()[1]
      expect(inner && (await accessibilityViolations(inner))).toEqual([])
      await page.keyboard.press('Enter')
      expect(await frame.locator('.card input:checked').count()).toBe(2)
      expect(await inner?.evaluate('document.activeElement.textContent')).toBe('Compare')
    })
  })

  it('spends nothing on offers picked after the price was requested', async () => {
    let letThrough = () => {}
    const plan = new Promise<void>(resolve => {
      letThrough = resolve
    })
    const answer = async (name: string, result: RawResult) => {
      if (name === 'compare_products') await plan
      return dryRunCosts(name, result)
    }
    await stage.inView({ answer }, ten, async view => {
      await pick(view, 0, 1)
      await button(view, 'Compare').click()
      await expect.poll(() => asked(view)).toHaveLength(1)
      await pick(view, 2)
      letThrough()
      // The theme arrives after the answer.
      await callInPage(view.page, 'setContext', { theme: 'dark' })
      await expect.poll(() => view.frame.locator('html').getAttribute('data-theme')).toBe('dark')
      await button(view, 'Compare').click()
      await button(view, 'Compare for 2 credits').waitFor()
      expect(asked(view)).toEqual([
        { offer_ids: ids.slice(0, 2), dry_run: true },
        { offer_ids: ids.slice(0, 3), dry_run: true },
      ])
    })
  })

  it('spends nothing if the host does not pass the price on, and requests nothing for a fractional quantity', async () => {
    const textAlone = (_name: string, { content }: RawResult): RawResult => ({ content })
    await stage.inView({ answer: textAlone }, ten, async view => {
      await pick(view, 0, 1)
      await view.frame.getByLabel('Quantity').fill('2.5')
      await button(view, 'Compare').click()
      await view.frame.getByLabel('Quantity').fill('2')
      await button(view, 'Compare').click()
      await expect
        .poll(() => view.frame.getByRole('alert').textContent())
        .toContain('dry run: comparing these 2 offers')
      expect(asked(view)).toEqual([{ offer_ids: ids.slice(0, 2), quantity: 2, dry_run: true }])
    })
  })

  it('compares again at another quantity and a variant of theirs', async () => {
    await stage.inView({}, ten, async view => {
      const { frame } = view
      await pick(view, 0, 1)
      await button(view, 'Compare').click()
      await expect.poll(() => frame.locator('tbody tr').count()).toBe(2)
      await frame.getByLabel('Variant').focus()
      await expect.poll(() => frame.locator('option[value="墨绿/500ml"]').count()).toBe(1)
      await frame.getByLabel('Variant').fill('墨绿/500ml')
      await frame.getByLabel('Quantity').fill('300')
      await button(view, 'Compare').click()
      await frame.getByRole('cell', { name: '墨绿/500ml' }).first().waitFor()
      const order = { offer_ids: ids.slice(0, 2), quantity: 300, variant: '墨绿/500ml' }
      expect(asked(view).slice(2)).toEqual([
        { ...order, dry_run: true },
        { ...order, dry_run: false },
      ])
      expect(await frame.getByLabel('Quantity').inputValue()).toBe('300')
      await button(view, 'Back to offers').click()
      expect(await frame.locator('.card input:checked').count()).toBe(2)
    })
  })

  it('shows a comparison that the agent made', async () => {
    const compared = await client.callTool({ name: 'compare_products', arguments: { offer_ids: ids } })
    await stage.inView({ width: 320 }, compared, async ({ page, frame }) => {
      await expect.poll(() => frame.locator('tbody img').count()).toBe(10)
      expect(await frame.locator('h1').textContent()).toBe('10 offers compared')
      expect(await page.frames()[1]?.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0)
    })
  })
})
