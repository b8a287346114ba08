import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessibilityViolations, flawsOf, layoutShiftOf } from '../support/axe.ts'
import { BROWSER, launchBrowser, WHY_SKIPPED } from '../support/browser.ts'
import { runInProcess } from '../support/in-process.ts'
import { DEMO_PHOTO } from '../support/pictures.ts'
import { makeTempDir } from '../support/program.ts'
import { HOSTILE_TITLES } from './altered-replies.ts'

const dir = makeTempDir()
const file = path.join(dir.path, 'report.html')
const fileZh = path.join(dir.path, 'report-zh.html')

beforeAll(async () => {
  for (const [out, language] of [
    [file, 'en'],
    [fileZh, 'zh'],
  ] as const) {
    const flags = ['--page-size', '20', '--max-price', '90', '--all', '--language', language]
    expect(await runInProcess(['report', DEMO_PHOTO, '--out', out, ...flags], dir.path)).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: expect.stringMatching(/^Wrote .*report(?:-zh)?\.html \(\d+ kB\)\.\n$/),
    })
  }
})
afterAll(() => dir.remove())

describe('mcp-1688 report', () => {
  it('writes one self-contained page, small enough to email', () => {
    const page = readFileSync(file, 'utf8')
    expect(Buffer.byteLength(page)).toBeLessThan(250_000)
    expect(page.match(/<img class="thumb" src="data:image\/webp;base64,/g)).toHaveLength(20)
    expect(page).not.toMatch(/<script|https?:\/\/(?!detail\.1688\.com)|url\(/)
  })

  it('writes to stdout on request', async () => {
    const { exitCode, stdout } = await runInProcess(['report', DEMO_PHOTO, '--out', '-', '--page-size', '1'], dir.path)
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/)
  })

  it('prints as JSON where it was written', async () => {
    const out = path.join(dir.path, 'for-a-program.html')
    const { stdout } = await runInProcess(['report', DEMO_PHOTO, '--out', out, '--page-size', '1', '--json'], dir.path)
    expect(JSON.parse(stdout)).toEqual({ file: out, bytes: readFileSync(out).length })
  })

  it('says what is wrong with a picture, a flag or an output file', async () => {
    const run = async (...args: string[]) => {
      const { exitCode, stderr } = await runInProcess(['report', ...args], dir.path)
      return `${exitCode} ${stderr}`
    }
    expect(await run('/no/such.png')).toMatch(/^2 error: No readable file at \/no\/such\.png.*picture_unreachable/s)
    expect(await run()).toContain('report needs a picture, or offers to --compare.')
    expect(await run(DEMO_PHOTO, '--language', 'fr')).toContain('--language must be en or zh, not "fr".')
    expect(await run(DEMO_PHOTO, '--page-size', '61')).toContain('--page-size must be a whole number')
    expect(await run(DEMO_PHOTO, '--page-size', '1', '--out', path.join(dir.path, 'no/such/folder.html'))).toMatch(
      /^2 error: .*folder\.html\. Choose a file in an existing folder/,
    )
  })

  describe.skipIf(BROWSER === undefined)(`in a browser${WHY_SKIPPED}`, () => {
    let browser: Browser
    beforeAll(async () => {
      browser = await launchBrowser()
    })
    afterAll(() => browser?.close())

    const looks = [360, 768, 1200].flatMap(width => [file, fileZh].map(of => [width, path.basename(of), of] as const))
    for (const [width, name, of] of looks) {
      it(`is complete and looks right at ${width} pixels, light and dark: ${name}`, async () => {
        const page = await browser.newPage({ viewport: { width, height: 900 } })
        const problems: string[] = []
        page.on('console', message => problems.push(message.text()))
        page.on('request', request => {
          if (!/^(file|data):/.test(request.url())) problems.push(request.url())
        })
        await page.goto(pathToFileURL(of).href)
        expect(await page.locator('li').count()).toBe(20)
        // The policy allows the style sheet and the pictures.
        expect(await page.evaluate('[...document.images].every(image => image.naturalWidth > 0)')).toBe(true)
        expect(await page.evaluate('getComputedStyle(document.querySelector("li")).display')).toBe('grid')
        expect(await layoutShiftOf(page.mainFrame())).toBeLessThanOrEqual(0.05)
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme })
          expect(await flawsOf(page.mainFrame(), colorScheme), colorScheme).toEqual([])
        }
        expect(problems).toEqual([])
        await page.close()
      })
    }

    it('prints 20 offers on two pages of A4 or Letter', async () => {
      const page = await browser.newPage()
      await page.goto(pathToFileURL(file).href)
      for (const format of ['A4', 'Letter']) {
        const pdf = (await page.pdf({ format })).toString('latin1')
        expect(pdf.match(/\/Type \/Page\b/g)).toHaveLength(2)
      }
      await page.close()
    })

    it('compares offers on a page that passes axe-core, in Chinese, with the price of each order', async () => {
      const out = path.join(dir.path, 'comparison.html')
      const flags = ['--compare', '10008,10002', '--quantity', '500', '--language', 'zh', '--out', out]
      await runInProcess(['report', DEMO_PHOTO, ...flags], dir.path)
      for (const width of [1200, 360]) {
        const page = await browser.newPage({ viewport: { width, height: 900 } })
        await page.goto(pathToFileURL(out).href)
        expect(await page.locator('h1').textContent()).toBe('示例货源：对比 2 个，采购量 500')
        expect(await page.locator('.like').first().textContent()).toContain('500 件合计')
        expect(await page.locator('header img').getAttribute('alt')).toBe('用来搜索的图片')
        expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0)
        expect(await accessibilityViolations(page.mainFrame())).toEqual([])
        await page.close()
      }
    })

    it('shows text written by strangers as plain text', async () => {
      const word = 'W'.repeat(80)
      const rows = HOSTILE_TITLES.map(title => [title, '99999999', '1', path.basename(DEMO_PHOTO), word, word, word])
      const table = [['title', 'price', 'moq', 'image', 'shop', 'city', 'unit'], ...rows]
      const quoted = table.map(row => row.map(cell => `"${cell.replaceAll('"', '""')}"`).join(','))
      writeFileSync(path.join(dir.path, 'hostile.csv'), quoted.join('\n'))
      const flags = ['--pictures', path.dirname(DEMO_PHOTO)]
      const imported = await runInProcess(
        ['catalogue', 'import', path.join(dir.path, 'hostile.csv'), ...flags],
        dir.path,
      )
      expect(imported.stderr).not.toContain('line ')
      const hostile = path.join(dir.path, 'hostile.html')
      await runInProcess(['report', DEMO_PHOTO, '--out', hostile, '--page-size', '8', '--all'], dir.path)
      for (const width of [1200, 320]) {
        const page = await browser.newPage({ viewport: { width, height: 900 } })
        page.on('dialog', () => expect.unreachable('a script of a title ran'))
        await page.goto(pathToFileURL(hostile).href)
        expect(await page.locator('h3').allTextContents()).toContain(HOSTILE_TITLES[0])
        expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0)
        const apart = '(box, index, all) => index === 0 || box.left >= all[index - 1].right'
        const labels = '[...document.querySelectorAll("figure svg text.soft")].filter(text => text.textContent)'
        const boxes = `${labels}.map(text => text.getBoundingClientRect())`
        expect(await page.evaluate(`${boxes}.every(${apart})`)).toBe(true)
        await page.close()
      }
    })
  })
})
