/** Takes the screenshots of the product grid and the report for docs/screenshots (`npm run screenshots`). */
import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Client } from '@modelcontextprotocol/client'
import type { Browser, Page } from 'playwright-core'
import sharp from 'sharp'
import { launchBrowser } from '../test/support/browser.ts'
import { makeTempDir, PROGRAM, ROOT } from '../test/support/program.ts'
import { HOSTILE_TITLES, withProducts } from '../test/view/altered-replies.ts'
import {
  bundleHostPage,
  connectHost,
  openView,
  type RawResult,
  type View,
  type ViewOptions,
} from '../test/view/host.ts'

const OUT = path.join(ROOT, 'docs/screenshots')

/** Finds its own offer, similar ones and others. */
const QUERY = path.join(ROOT, 'assets/sample/demo-photo.webp')

const dir = makeTempDir()
mkdirSync(OUT, { recursive: true })
const [browser, client, script] = await Promise.all([launchBrowser(), connectHost(dir.path), bundleHostPage()])
try {
  await takeGrid(browser, client)
  await takeReport(browser)
} finally {
  await browser.close()
  await client.close()
  dir.remove()
}

async function takeGrid(browser: Browser, client: Client): Promise<void> {
  const search = (input: Record<string, unknown>) =>
    client.callTool({ name: 'search_by_image', arguments: { image_url: QUERY, ...input } })
  const twelve = await search({ page_size: 12 })
  const { products, reply } = withProducts(twelve)
  const hostile = reply(
    products.map((product, index) => ({ ...product, title: HOSTILE_TITLES[index] ?? product.title })),
  )
  const take = async (
    name: string,
    result: RawResult,
    options: ViewOptions,
    before?: (view: View) => Promise<void>,
  ) => {
    const view = await openView(browser, client, script, options)
    await view.show(result, { image_url: QUERY })
    await view.frame
      .locator('.card img')
      .nth(options.answer ? 0 : 2)
      .waitFor({ timeout: 5000 })
      .catch(() => undefined)
    await before?.(view)
    await shoot(view.page, name, (await view.page.locator('iframe').boundingBox())?.height)
    await view.close()
  }
  const pick = async ({ frame }: View) => {
    for (const index of [0, 1, 2]) await frame.locator('.card input').nth(index).check()
  }
  await take('grid-1200-light', twelve, {}, pick)
  await take('grid-1200-dark-60-offers', await search({ page_size: 60 }), { theme: 'dark' })
  await take('grid-360-light', twelve, { width: 360 })
  await take('grid-360-dark-chinese', twelve, { width: 360, theme: 'dark', locale: 'zh-CN' })
  await take('grid-1200-light-1-offer', await search({ page_size: 1 }), {})
  await take('grid-360-light-0-offers', await search({ location: 'Lhasa' }), { width: 360 })
  await take('grid-1200-light-hostile-titles', hostile, {})
  const noPictures = () => ({ content: [], isError: true })
  await take('grid-1200-light-no-pictures', twelve, { answer: noPictures })
  await take('compare-1200-light', twelve, {}, async view => {
    await pick(view)
    await view.frame.getByLabel('Quantity').fill('100')
    await view.frame.getByRole('button', { name: 'Compare' }).click()
    await view.frame.locator('tbody img').nth(2).waitFor()
  })
}

async function takeReport(browser: Browser): Promise<void> {
  const file = path.join(dir.path, 'report.html')
  execFileSync(process.execPath, [PROGRAM, 'report', QUERY, '--out', file, '--data-dir', dir.path])
  for (const [width, colorScheme] of [
    [1200, 'light'],
    [768, 'light'],
    [360, 'dark'],
  ] as const) {
    const page = await browser.newPage({ viewport: { width, height: width === 360 ? 1300 : 1000 }, colorScheme })
    await page.goto(pathToFileURL(file).href)
    await shoot(page, `report-${width}-${colorScheme}`)
    await page.close()
  }
}

/** With 256 colours a PNG takes a third of the bytes, without a visible difference. */
async function shoot(page: Page, name: string, height?: number): Promise<void> {
  // Waits until the pictures have faded in.
  await page.waitForTimeout(400)
  const viewport = page.viewportSize()
  const clip = viewport && height ? { clip: { x: 0, y: 0, width: viewport.width, height } } : {}
  await sharp(await page.screenshot(clip))
    .png({ palette: true, quality: 70, effort: 10 })
    .toFile(path.join(OUT, `${name}.png`))
}
