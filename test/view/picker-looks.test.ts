/** How the photo picker and the page for a photo look: they fit, and are accessible, at every width and in every theme and language. */
import type { Client } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { accessibilityViolations, flawsOf, layoutShiftOf } from '../support/axe.ts'
import { BROWSER, launchBrowser, WHY_SKIPPED } from '../support/browser.ts'
import { DEMO_PHOTO } from '../support/pictures.ts'
import { makeTempDir } from '../support/program.ts'
import { connectHost } from './host.ts'
import { find, handOver, openPickerStage, type PickerStage, shoot } from './picker-stage.ts'

const LOOKS = [
  [360, 'light', 'en'],
  [360, 'dark', 'zh-CN'],
  [768, 'light', 'zh-CN'],
  [768, 'dark', 'en'],
  [1200, 'light', 'en'],
  [1200, 'dark', 'zh-CN'],
] as const

describe.skipIf(BROWSER === undefined)(`the photo picker${WHY_SKIPPED}`, () => {
  const dir = makeTempDir()
  let client: Client
  let stage: PickerStage
  beforeAll(async () => {
    client = await connectHost(dir.path)
    stage = await openPickerStage(client)
  })
  afterAll(async () => {
    await stage?.close()
    await client?.close()
    dir.remove()
  })

  it.each(LOOKS)('is accessible and fits at %d px, %s, %s', async (width, theme, locale) => {
    await stage.inPicker({ width, theme, locale }, async view => {
      const { page, frame } = view
      const [, inner] = page.frames()
      if (!inner) throw new Error('no frame')
      const check = async (state: string) => {
        expect(await accessibilityViolations(inner), state).toEqual([])
        expect(await inner.evaluate('document.documentElement.scrollWidth <= innerWidth'), state).toBe(true)
        await shoot(view, `picker-${state}-${width}-${theme}-${locale}`)
      }
      await frame.getByText(locale === 'en' ? 'Drop, paste' : '拖入').waitFor()
      await check('empty')
      await handOver(view, 'drop', DEMO_PHOTO)
      await frame.locator('.crop').waitFor()
      await check('photo')
      await find(view, locale === 'en' ? 'Find it' : '查找')
      await expect.poll(() => frame.locator('.card img').count()).toBeGreaterThan(5)
      await check('found')
      expect(await layoutShiftOf(inner)).toBeLessThanOrEqual(0.05)
    })
  })

  it('is a page of its own, too, which looks right at every width, light and dark, in both languages', async () => {
    const { structuredContent } = await client.callTool({ name: 'pick_photo', arguments: { in_browser: true } })
    const { address } = z.object({ address: z.url() }).parse(structuredContent)
    const browser = await launchBrowser()
    for (const [width, colorScheme, locale] of LOOKS) {
      const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme, locale })
      const page = await context.newPage()
      await page.goto(address)
      const frame = page.mainFrame()
      expect(await flawsOf(frame, 'light'), `${width}, ${locale}`).toEqual([])
      await page.locator('input[type=file]').first().setInputFiles(DEMO_PHOTO)
      await page.locator('canvas').waitFor()
      expect(await flawsOf(frame, 'light'), `${width}, ${locale}, with a photo`).toEqual([])
      expect(await layoutShiftOf(frame)).toBeLessThanOrEqual(0.05)
      expect(await page.locator('html').getAttribute('lang')).toBe(locale)
      await context.close()
    }
    await browser.close()
  })
})
