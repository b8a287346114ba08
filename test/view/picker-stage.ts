/** The photo picker in a host, for tests of it. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Client } from '@modelcontextprotocol/client'
import { expect } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { bundleHostPage, openView, type View, type ViewOptions } from './host.ts'

/** Runs in the page: drops or pastes a file. */
const HAND_OVER = `async ([kind, name, type, base64]) => {
  const bytes = Uint8Array.from(atob(base64), letter => letter.charCodeAt(0))
  const data = new DataTransfer()
  data.items.add(new File([bytes], name, { type }))
  const options = { bubbles: true, cancelable: true }
  const event = kind === 'drop'
    ? new DragEvent('drop', { ...options, dataTransfer: data })
    : new ClipboardEvent('paste', { ...options, clipboardData: data })
  document.body.dispatchEvent(event)
}`

export interface PickerStage {
  /** Opens the picker for `look`, closes it, and fails on errors in the page. */
  inPicker(options: ViewOptions, look: (view: View) => Promise<void>): Promise<void>
  close(): Promise<void>
}

export async function openPickerStage(client: Client): Promise<PickerStage> {
  const [browser, script, shown] = await Promise.all([
    launchBrowser(),
    bundleHostPage(),
    client.callTool({ name: 'pick_photo', arguments: {} }),
  ])
  // Embeds the sample pictures before anything is timed.
  await client.callTool({ name: 'sync_catalogue', arguments: { max_credits: 0 } })
  return {
    inPicker: async (options, look) => {
      const view = await openView(browser, client, script, { ...options, tool: 'pick_photo' })
      try {
        await view.show(shown)
        await look(view)
        expect(view.seen.errors).toEqual([])
      } finally {
        await view.close()
      }
    },
    close: () => browser.close(),
  }
}

export function handOver({ page }: View, kind: 'drop' | 'paste', file: string, type = 'image/webp') {
  const argument = [kind, path.basename(file), type, readFileSync(file).toString('base64')]
  return page.frames()[1]?.evaluate(`(${HAND_OVER})(${JSON.stringify(argument)})`)
}

export async function find({ frame }: View, label = 'Find it'): Promise<void> {
  await frame.getByRole('button', { name: label }).click()
  await expect.poll(() => frame.locator('.card').count()).toBeGreaterThan(5)
}

/** For people to look at: `SCREENSHOTS=folder`. */
export async function shoot({ page }: View, name: string): Promise<void> {
  const folder = process.env.SCREENSHOTS
  if (folder) await page.screenshot({ path: path.join(folder, `${name}.png`) })
}
