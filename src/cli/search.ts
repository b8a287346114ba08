/** Owns `mcp-1688 search`. */
import { searchByImage } from '../tools/search-by-image.ts'
import type { Command } from './command.ts'
import { runAsCommand } from './run-as-command.ts'

/** Searches by a picture from the terminal, through the same tool as an agent. */
export const searchCommand: Command = {
  name: 'search',
  positionals: '<image>',
  arity: { min: 1, max: 1 },
  summary: 'Find offers that look like a picture: a URL, a data: URL or a file.',
  flags: {
    page: { value: 'N', help: 'Page, from 1.' },
    'page-size': { value: 'N', help: 'Offers a page, 1-60.' },
    detailed: { value: 'switch', help: 'Add picture, link, province and MOQ of each offer.' },
    fresh: { value: 'switch', help: 'Ask the upstream although a fresh answer is kept.' },
    json: { value: 'switch', help: 'Print JSON instead of text.' },
  },
  run: context => {
    const { page, 'page-size': pageSize, detailed } = context.flags
    return runAsCommand(searchByImage, context, {
      image_url: context.positionals[0],
      ...(page === undefined ? {} : { page: Number(page) }),
      ...(pageSize === undefined ? {} : { page_size: Number(pageSize) }),
      ...(detailed === undefined ? {} : { response_format: 'detailed' }),
    })
  },
}
