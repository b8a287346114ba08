/** How the photo picker looks: it fits, and is accessible, at every width and in every theme and language. */
import type { Client } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessibilityViolations } from '../support/axe.ts'
import { BROWSER, WHY_SKIPPED } from '../support/browser.ts'
import { DEMO_PHOTO } from '../support/pictures.ts'
import { makeTempDir } from '../support/program.ts'
import { connectHost } from './host.ts'
import { find, handOver, openPickerStage, type PickerStage, shoot } from './picker-stage.ts'

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

  it.each([
    [360, 'light', 'en'],
    [360, 'dark', 'zh-CN'],
    [768, 'light', 'zh-CN'],
    [768, 'dark', 'en'],
    [1200, 'light', 'en'],
    [1200, 'dark', 'zh-CN'],
  ] as const)('is accessible and fits at %d px, %s, %s', async (width, theme, locale) => {
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
    })
  })
})
