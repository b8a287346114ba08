import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { flawsOf, layoutShiftOf } from '../support/axe.ts'
import { BROWSER, launchBrowser, WHY_SKIPPED } from '../support/browser.ts'
import { startService, type TestService } from './service.ts'

let local: TestService
let team: TestService
beforeAll(async () => {
  local = await startService()
  const oauth = { oauthIssuer: 'https://login.example.com', publicUrl: 'https://mcp.example.com' }
  team = await startService({ config: oauth })
})
afterAll(() => Promise.all([local.close(), team.close()]))

const pageOf = async ({ url }: TestService, path: string) => (await fetch(`${url}${path}`)).text()

describe('the pages of a server', () => {
  it('say how each host connects, with the real address', async () => {
    const page = await pageOf(local, '/')
    expect(page).toContain(`claude mcp add --transport http mcp-1688 ${local.url}/mcp</pre>`)
    for (const host of ['Codex', 'Cursor', 'VS Code', 'Gemini CLI']) expect(page).toContain(`<h3>${host}`)
    expect(page).toContain('so they cannot connect to it')
    expect(await pageOf(local, '/docs')).toContain(`${local.url}/search_by_image?image_url=sample:`)
  })

  it('name the public address, the key in a header, and OAuth where it is set up', async () => {
    const page = await pageOf(team, '/')
    expect(page).toContain('https://mcp.example.com/mcp --header &#34;X-API-Key: YOUR_KEY&#34;')
    expect(page).toContain('accepts access tokens of its issuer')
    expect(page).not.toMatch(/\?(key|api_key)=/)
    expect(await pageOf(team, '/docs')).toContain('https://mcp.example.com/get_product_details?offer_id=')
  })

  it('never repeat the Host of a request', async () => {
    const answer = await fetch(`${local.url}/`, { headers: { 'x-forwarded-host': 'evil.example' } })
    expect(await answer.text()).not.toContain('evil.example')
    expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/)
  })

  describe.skipIf(BROWSER === undefined)(`in a browser${WHY_SKIPPED}`, () => {
    let browser: Browser
    beforeAll(async () => {
      browser = await launchBrowser()
    })
    afterAll(() => browser?.close())

    it.each([360, 768, 1200])('pass axe-core and fit at %i pixels, light and dark', async width => {
      const page = await browser.newPage({ viewport: { width, height: 800 } })
      for (const path of ['/', '/docs']) {
        await page.goto(`${local.url}${path}`)
        expect(await layoutShiftOf(page.mainFrame())).toBeLessThanOrEqual(0.05)
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme })
          expect(await flawsOf(page.mainFrame(), colorScheme), `${path}, ${colorScheme}`).toEqual([])
        }
      }
      await page.close()
    })
  })
})
