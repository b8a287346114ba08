import { parseCatalogueName } from '../../catalogue/owners.ts'
import { type AppError, invalidInput } from '../../errors.ts'
import { keywordSchema, searchSchema } from '../../shape/search/schema.ts'
import { keywordPage, searchPage } from '../../shape/search/search.ts'
import { omitUnknown } from '../../shape/text/values.ts'
import { searchByImage } from '../../tools/search/search-by-image.ts'
import { searchByKeyword } from '../../tools/search/search-by-keyword.ts'
import type { Services } from '../../use-cases/use-cases.ts'
import type { Command, CommandContext } from '../command.ts'
import { languageOf } from '../language.ts'
import { PAGING_FLAGS, pagingOf } from '../paging-flags.ts'
import { runAsCommand, type TerminalReply } from '../run-as-command.ts'
import { FLAGS } from '../shared-flags.ts'

export const searchCommand: Command = {
  name: 'search',
  positionals: '[image...]',
  arity: { min: 0, max: 4 },
  summary:
    'Find offers that look like a picture (a URL, a data: URL, a file or an offer ID; up to 4 of one product), or whose titles contain words.',
  flags: {
    region: { value: 'X,Y,W,H', help: 'The part of the first picture to search by, in per cent.' },
    keyword: { value: 'WORDS', help: 'Search by words instead of a picture; Chinese words find the most.' },
    ...PAGING_FLAGS,
    currency: FLAGS.currency,
    catalogue: { value: 'NAME', help: 'Search only this catalogue of imported offers, at no cost.' },
    xlsx: { value: 'FILE', help: 'Also write the offers as an Excel sheet with pictures.' },
    language: { value: 'en|zh', help: 'Language of that sheet. Default: en.' },
    detailed: { value: 'switch', help: 'Add the picture, link, province and MOQ of each offer.' },
    'no-pictures': FLAGS['no-pictures'],
    fresh: FLAGS.fresh,
    json: FLAGS.json,
  },
  async run(given) {
    const { xlsx, catalogue } = given.flags
    const language = languageOf(given.flags.language)
    const found = catalogue === undefined ? given : inCatalogue(given, catalogue)
    if (xlsx === undefined) return search(found)
    const { searchIntoSheet } = await import('./search-sheet.ts')
    return searchIntoSheet(xlsx, language, found, search)
  },
}

function search(context: CommandContext): Promise<number> {
  const [image, ...more] = context.positionals
  const { keyword, detailed, currency, region } = context.flags
  if ((image === undefined) === (keyword === undefined)) throw oneOfBoth()
  const options = {
    ...pagingOf(context.flags),
    ...omitUnknown({ currency }),
    ...(detailed === undefined ? {} : { response_format: 'detailed' }),
  }
  return keyword === undefined
    ? runAsCommand(
        searchByImage,
        context,
        { image_url: image, more_image_urls: more, region, ...options },
        imageSearchReply,
      )
    : runAsCommand(searchByKeyword, context, { keyword, ...options }, keywordSearchReply)
}

/** Not an argument of the tools: agents would pay for its description in every conversation. */
function inCatalogue(context: CommandContext, name: string): CommandContext {
  const { app } = context
  const catalogue = parseCatalogueName(name)
  const services: Services = {
    ...app.services,
    searchByImage: (request, call) => app.services.searchByImage({ ...request, catalogue }, call),
    searchByKeyword: (request, call) => app.services.searchByKeyword({ ...request, catalogue }, call),
  }
  return { ...context, app: { ...app, services } }
}

function imageSearchReply(structured: unknown): TerminalReply {
  const value = searchSchema.parse(structured)
  return { page: searchPage(value), offerIds: value.products.map(product => product.offer_id) }
}

function keywordSearchReply(structured: unknown): TerminalReply {
  const value = keywordSchema.parse(structured)
  return { page: keywordPage(value), offerIds: value.products.map(product => product.offer_id) }
}

function oneOfBoth(): AppError {
  return invalidInput(
    'search needs either a picture or --keyword, not both.',
    'For example: mcp-1688 search photo.jpg, or mcp-1688 search --keyword 保温杯.',
  )
}
