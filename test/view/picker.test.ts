/** The photo picker in the chat: a real browser, the official AppBridge, and the built server behind it. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Client } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { BROWSER, WHY_SKIPPED } from '../support/browser.ts'
import { DEMO_PHOTO } from '../support/pictures.ts'
import { makeTempDir, ROOT } from '../support/program.ts'
import { BUYER_TASKS } from './buyer-tasks.ts'
import { connectHost, type RawResult, readViewPage, type View } from './host.ts'
import { find, handOver, openPickerStage, type PickerStage, shoot } from './picker-stage.ts'

const PAGES_MAX_BYTES = 60_000
const SAMPLES = path.join(ROOT, 'assets/sample/pictures')

const dir = makeTempDir()
let client: Client
beforeAll(async () => {
  client = await connectHost(dir.path)
})
afterAll(async () => {
  await client?.close()
  dir.remove()
})

describe('the photo picker as a resource', () => {
  it('is one page that loads only from 1688, and all pages together are small', async () => {
    const { html, csp, mimeType } = await readViewPage(client, 'pick_photo')
    expect(mimeType).toBe('text/html;profile=mcp-app')
    expect(html).not.toMatch(/https?:\/\/|import\(|eval\(|innerHTML/)
    expect(csp.connectDomains).toEqual([])
    const bytes = ['grid', 'picker', 'upload'].map(name => readFileSync(path.join(ROOT, `dist/${name}.html`)).length)
    expect(bytes.reduce((sum, each) => sum + each)).toBeLessThan(PAGES_MAX_BYTES)
  })

  it('needs no page in the browser', async () => {
    const reply = await client.callTool({ name: 'pick_photo', arguments: {} })
    expect(reply.structuredContent).toEqual({ next: expect.stringContaining('shown in the chat') })
  })

  it.each(['https://example.com/mug.jpg', '/etc/passwd', 'clipboard', 'data:text/plain;base64,aGVsbG8='])(
    'takes photos alone, not %s',
    async photo => {
      const reply = await client.callTool({ name: 'search_photo', arguments: { photos: [photo] } })
      expect(reply.isError).toBe(true)
    },
  )
})

describe.skipIf(BROWSER === undefined)(`the photo picker in a host${WHY_SKIPPED}`, () => {
  let stage: PickerStage
  const inPicker: PickerStage['inPicker'] = (...scene) => stage.inPicker(...scene)
  beforeAll(async () => {
    stage = await openPickerStage(client)
  })
  afterAll(() => stage?.close())

  const boxOf = ({ page }: View) =>
    page
      .frames()[1]
      ?.evaluate(
        'const { style } = document.querySelector(".crop"); ["left", "top", "width", "height"].map(name => Math.round(parseFloat(style[name])))',
      )

  it('finds a dropped photo: ranked cards in the same frame, and the model is told', async () => {
    await inPicker({}, async view => {
      const { frame, seen } = view
      await frame.getByText('Drop, paste or choose').waitFor()
      await handOver(view, 'drop', DEMO_PHOTO)
      await find(view)
      expect(await frame.locator('h2').first().textContent()).toContain('Same item')
      const [call] = seen.calls
      expect(call?.name).toBe('search_photo')
      const photo = String(call?.arguments?.photos)
      expect(photo).toMatch(/^data:image\/jpeg;base64,/)
      expect(photo.length).toBeLessThan(200_000)

      const [told = ''] = seen.told
      expect(told).toMatch(
        /^The person picked a photo .* \d+ of \d+ offers are shown to them\.\nBest: \d{5}, same item, from [\d.]+ CNY; /,
      )
      expect(told.length).toBeLessThan(600)
      const [handle = ''] = /photo:[\w-]{22}/.exec(told) ?? []
      const again = await client.callTool({ name: 'search_by_image', arguments: { image_url: handle, page_size: 3 } })
      expect(JSON.stringify(again.content)).toContain('for picked photo')
      // What was found is not forgotten when the person picks offers.
      await frame.locator('.card input').first().check()
      await expect.poll(() => seen.told.at(-1)).toMatch(/image_url of this photo.*\nPicked in the product grid: \d{5}$/)
    })
  })

  it('shows ranked cards soon after the drop', async () => {
    await inPicker({}, async view => {
      for (const name of ['mug-01', 'mug-02', 'mug-03']) {
        const startedAt = performance.now()
        await handOver(view, 'drop', path.join(SAMPLES, `${name}.webp`))
        await find(view)
        process.stdout.write(`drop to ranked cards: ${Math.round(performance.now() - startedAt)} ms\n`)
        await view.frame.getByRole('button', { name: 'Another photo' }).click()
      }
    })
  })

  it('takes four photos of one product, dropped together or one by one', async () => {
    await inPicker({ width: 768 }, async view => {
      const { frame, seen } = view
      const files = ['cropped', 'recoloured', 'rotated'].map(kind =>
        path.join(ROOT, `test/fixtures/queries/backpack-${kind}.webp`),
      )
      await frame.locator('input[type=file]').first().setInputFiles(files)
      await expect.poll(() => frame.locator('.kept li').count()).toBe(2)
      await frame.getByRole('button', { name: 'Add another view' }).click()
      await handOver(view, 'drop', path.join(SAMPLES, 'backpack-01.webp'))
      await frame.locator('.crop').waitFor()
      expect(await frame.getByRole('button', { name: 'Add another view' }).count()).toBe(0)
      await shoot(view, 'picker-four-768')
      await find(view)
      await shoot(view, 'picker-four-found-768')
      const [call] = seen.calls
      expect(call?.arguments?.photos).toHaveLength(4)
      expect(await frame.locator('.again img').count()).toBe(4)
      const [told = ''] = seen.told
      expect(told).toMatch(/more_image_urls: photo:[\w-]{22}, photo:[\w-]{22}, photo:[\w-]{22}$/)

      await frame.getByRole('button', { name: 'Another photo' }).click()
      await frame.locator('input[type=file]').first().setInputFiles(files)
      await expect.poll(() => frame.locator('.kept li').count()).toBe(2)
      await frame.getByRole('button', { name: 'Remove this photo' }).first().click()
      await find(view)
      expect(seen.calls.filter(({ name }) => name === 'search_photo')[1]?.arguments?.photos).toHaveLength(2)
    })
  })

  it('takes a pasted picture, a chosen file and four photos one after another', async () => {
    await inPicker({ width: 768 }, async view => {
      const { frame, seen } = view
      const photos = ['backpack-01', 'backpack-02', 'backpack-03', 'backpack-04'].map(name =>
        path.join(SAMPLES, `${name}.webp`),
      )
      for (const [at, photo] of photos.entries()) {
        if (at % 2 === 0) await handOver(view, 'paste', photo)
        else await frame.locator('input[type=file]').first().setInputFiles(photo)
        await find(view)
        expect(await frame.locator('h2').first().textContent()).toContain('Same item')
        await frame.getByRole('button', { name: 'Another photo' }).click()
        await frame.locator('.drop').waitFor()
      }
      expect(seen.calls.filter(({ name }) => name === 'search_photo')).toHaveLength(4)
      expect(seen.told).toHaveLength(4)
    })
  })

  it('guesses the crop, which is drawn, moved and resized by mouse and keys, and turns with the photo', async () => {
    await inPicker({}, async view => {
      const { page, frame } = view
      await handOver(view, 'drop', path.join(SAMPLES, 'backpack-01.webp'))
      await frame.locator('.crop').waitFor()
      const [, , width, height] = z.tuple([z.number(), z.number(), z.number(), z.number()]).parse(await boxOf(view))
      expect(width * height).toBeLessThan(8_500)
      await frame.getByRole('button', { name: 'Whole photo' }).click()
      expect(await boxOf(view)).toEqual([0, 0, 100, 100])

      const photo = await frame.locator('canvas').boundingBox()
      if (photo === null) throw new Error('the photo is not shown')
      const drag = async (from: [number, number], to: [number, number]) => {
        const place = ([x, y]: [number, number]): [number, number] => [
          photo.x + x * photo.width,
          photo.y + y * photo.height,
        ]
        await page.mouse.move(...place(from))
        await page.mouse.down()
        await page.mouse.move(...place(to), { steps: 4 })
        await page.mouse.up()
      }
      await drag([0.2, 0.2], [0.6, 0.6])
      expect(await boxOf(view)).toEqual([20, 20, 40, 40])
      await drag([0.4, 0.4], [0.5, 0.3])
      expect(await boxOf(view)).toEqual([30, 10, 40, 40])
      await drag([0.7, 0.5], [0.9, 0.9])
      expect(await boxOf(view)).toEqual([30, 10, 60, 80])
      await drag([0.1, 0.95], [0.12, 0.96])
      expect(await boxOf(view)).toEqual([30, 10, 60, 80])

      await frame.locator('.crop').focus()
      for (const key of ['ArrowLeft', 'ArrowDown', 'Shift+ArrowRight', 'Shift+ArrowUp']) await page.keyboard.press(key)
      expect(await boxOf(view)).toEqual([28, 12, 62, 78])
      await frame.getByRole('button', { name: 'Turn' }).click()
      await find(view)
    })
  })

  it('searches with another photo in no more clicks than a buyer was allowed', async () => {
    await inPicker({}, async view => {
      const { frame, seen } = view
      await handOver(view, 'drop', DEMO_PHOTO)
      await find(view)
      const press = [
        frame.getByRole('button', { name: 'Another photo' }),
        frame.getByText('Choose a photo', { exact: true }),
      ]
      for (const control of press) await control.click()
      await frame.locator('input[type=file]').first().setInputFiles(DEMO_PHOTO)
      await frame.locator('.crop').waitFor()
      await find(view)
      expect(press.length + 1).toBeLessThanOrEqual(BUYER_TASKS['searches with another photo'])
      expect(seen.calls.filter(({ name }) => name === 'search_photo')).toHaveLength(2)
    })
  })

  it('is used by keyboard alone', async () => {
    await inPicker({}, async view => {
      const { page, frame } = view
      await frame.locator('input[type=file]').first().focus()
      await frame.locator('input[type=file]').first().setInputFiles(DEMO_PHOTO)
      await frame.locator('.crop').waitFor()
      // The focus is on what comes next.
      await page.keyboard.press('Enter')
      await expect.poll(() => frame.locator('.card').count()).toBeGreaterThan(5)
      expect(await frame.locator('.again button:focus').count()).toBe(1)
      await page.keyboard.press('Enter')
      expect(await frame.locator('input:focus').count()).toBe(1)
    })
  })

  it.each([
    ['withhold the structured content', (_name: string, { structuredContent: _, ...result }: RawResult) => result],
    [
      'do not pass on tools that are for pages only',
      (name: string, result: RawResult) => {
        if (name === 'search_photo') throw new Error('unknown tool')
        return result
      },
    ],
  ])('works in hosts that %s', async (_title, answer) => {
    await inPicker({ answer }, async view => {
      await handOver(view, 'drop', DEMO_PHOTO)
      await find(view)
      expect(await view.frame.locator('h2').first().textContent()).toContain('Same item')
      expect(view.seen.told).toHaveLength(1)
      await view.frame.getByRole('button', { name: 'Page 2' }).click()
      await view.frame.getByRole('button', { name: 'Page 3' }).waitFor()
      const last = view.seen.calls.findLast(({ name }) => name === 'search_by_image')
      expect(last?.arguments).toMatchObject({ image_url: expect.stringMatching(/^(?:photo|data):/), page: 2 })
    })
  })

  it('says what went wrong, and keeps the photo', async () => {
    const answer = (name: string, result: RawResult): RawResult =>
      name === 'search_photo' ? { isError: true, content: [{ type: 'text', text: 'The quota is used up.' }] } : result
    await inPicker({ answer }, async view => {
      const { frame } = view
      await handOver(view, 'drop', path.join(ROOT, 'package.json'), 'application/json')
      await frame.getByText('This is not a picture.').waitFor()
      await handOver(view, 'drop', DEMO_PHOTO)
      await frame.getByRole('button', { name: 'Find it' }).click()
      await frame.getByText('The quota is used up.').waitFor()
      expect(await frame.locator('canvas').count()).toBe(1)
      expect(view.seen.told).toEqual([])
    })
  })
})
