/** Shows replies in a browser, one view after the other. */
import type { Client } from '@modelcontextprotocol/client'
import { expect } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { bundleHostPage, openView, type RawResult, type View, type ViewOptions } from './host.ts'

/** A browser with hosts in it. */
export interface Stage {
  /** Opens a view, shows a reply in it, looks at it, and closes it in the end; nothing may have been thrown in it. */
  inView(options: ViewOptions, reply: RawResult, look: (view: View) => Promise<void>): Promise<void>
  close(): Promise<void>
}

/** Starts the browser for the server behind `client`. */
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
