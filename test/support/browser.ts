/** Starts a real browser in tests, where one is installed. */
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

/** Where systems keep Chromium or Chrome. */
const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

/** The installed browser, or `undefined`. */
export const BROWSER = PLACES.find(existsSync)

/** A word for the names of tests that are skipped without a browser. */
export const WHY_SKIPPED = BROWSER === undefined ? ' (skipped: neither Chromium nor Chrome is installed)' : ''

/** Starts it, headless, and so that it talks to nobody by itself: no name is resolved, no background service runs. */
export function launchBrowser(): Promise<Browser> {
  if (BROWSER === undefined) throw new Error('no browser is installed')
  return chromium.launch({
    executablePath: BROWSER,
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
      ...['--disable-component-update', '--disable-sync', '--host-resolver-rules=MAP * ~NOTFOUND'],
    ],
  })
}
