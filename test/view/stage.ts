import type { Client } from '@modelcontextprotocol/client'
import { expect } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { bundleHostPage, openView, type RawResult, type View, type ViewOptions } from './host.ts'

export interface Stage {
  /** Opens a view of `reply` for `look`, closes it, and fails on errors in the page. */
  inView(options: ViewOptions, reply: RawResult, look: (view: View) => Promise<void>): Promise<void>
  close(): Promise<void>
}

export async function openStage(client: Client): Promise<Stage> {
  const [browser, script] = await Promise.all([launchBrowser(), bundleHostPage()])
  return {
    inView: async (options, reply, look) => {
      const view = await openView(browser, client, script, options)
      try {
        await view.show(reply)
        await look(view)
        expect(view.seen.errors).toEqual([])
      } finally {
        await view.close()
      }
    },
    close: () => browser.close(),
  }
}
