import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

export const BROWSER = PLACES.find(existsSync)

/** For the names of tests that are skipped without a browser. */
export const WHY_SKIPPED = BROWSER === undefined ? ' (skipped: neither Chromium nor Chrome is installed)' : ''

/** Headless and without a network but this computer's: it resolves no name and runs no background service. */
export function launchBrowser(): Promise<Browser> {
  if (BROWSER === undefined) throw new Error('no browser is installed')
  return chromium.launch({
    executablePath: BROWSER,
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
      ...['--disable-component-update', '--disable-sync', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
    ],
  })
}
