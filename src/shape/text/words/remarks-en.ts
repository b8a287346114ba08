/** Remarks in English, as every reply has them. */
import type { FilterRemark, Remark } from '../../../offers/results/results.ts'
import { counted } from '../values.ts'
import type { RemarkWords } from './remark-words.ts'

export const REMARKS_EN: RemarkWords = {
  sample_data: () =>
    'SAMPLE DATA: made-up offers that cannot be ordered. To search all of 1688, set up open1688 or TMAPI; Parse covers sun protection and face masks only.',
  own_only: ({ isEmpty }) =>
    isEmpty
      ? 'Only imported offers are searched, and there are none yet: import a file with mcp-1688 catalogue import, or set up open1688 or TMAPI.'
      : 'Only imported offers are searched, not 1688.',
  nothing_alike: ({ isSure }) =>
    isSure ? 'Nothing alike is known.' : 'No close match found: the product itself may not be among the offers.',
  older_vectors: ({ offers }) =>
    `${counted(offers, 'offer')} ${offers === 1 ? 'was' : 'were'} compared by the previous picture model; the pictures are being compared again in the background.`,
  own_matches: ownMatches,
  several_things: ({ regions }) =>
    `The photo seems to show ${regions.length} things; search for one of them with region ${listed(regions.map(({ x, y, width, height }) => `"${x},${y},${width},${height}"`))}.`,
  picture_cut: () => 'The end of the picture file is missing; the part that is there was compared.',
  picture_kept: ({ reference, ageS }) =>
    `Searched by the picture that "${reference}" stood for ${ageS} s ago; page 1 without max_credits: 0 reads it again.`,
  photo_failed: ({ position, code, message, hint }) =>
    `Photo ${position} was not used (${code}): ${message} ${hint}`.trimEnd(),
  photo_search_failed: ({ upstream, position, code, message, hint }) =>
    `${upstream} could not be searched by photo ${position} (${code}): ${message} ${hint}`.trimEnd(),
  photos_not_searched: photosNotSearched,
  index_incomplete: indexIncomplete,
  pictures_pending: ({ pending }) =>
    `${counted(pending, 'picture')} still to be compared; repeat the search in a moment to include more of them at no cost.`,
  pictures_failed: ({ failed }) =>
    `${counted(failed, 'offer')} could not be compared: the picture could not be fetched.`,
  upstream_failed: ({ code, message, hint }) =>
    `This is an earlier answer: a new one could not be fetched (${code}). ${message} ${hint}`.trimEnd(),
  imported_instead: ({ code, message, hint }) =>
    `This is what the imported file says: the listing on 1688 could not be read (${code}). ${message} ${hint}`.trimEnd(),
  passed_over: ({ upstream, code, message, hint }) =>
    // Refused before anything was sent.
    code === 'picture_refused'
      ? `${upstream} was not asked: ${message} ${hint}`
      : `${upstream} was asked first and could not answer (${code}): ${message} ${hint}`.trimEnd(),
  filtered,
  sorted,
  more_unread: moreUnread,
  page_failed: pageFailed,
  titles_searched: ({ known }) =>
    `Only the titles of the ${counted(known, 'offer')} in the local catalogue were searched, not all of 1688.`,
  no_key: ({ upstream }) => `${upstream} cannot be used: its API key is not set.`,
  limits_not_shared: () =>
    'The ledger cannot be written, so calls by other processes with the same key are not counted.',
  ledger_damaged: ({ message, hint }) => `${message} ${hint}`,
  catalogue_in_memory: () => 'The catalogue file cannot be used, so new offers are lost when the server stops.',
  history_not_kept: () =>
    'Changes of prices are not remembered: the file own.db in the data folder (or the database) cannot be written.',
  replies_set_aside: ({ file }) =>
    `The reply cache was damaged, so a new one was started: calls that it could answer may cost a credit again. The damaged file is kept as ${file} in the data folder.`,
  catalogue_set_aside: catalogueSetAside,
  imports_restored: importsRestored,
  unknown_variable: ({ name, nearest }) =>
    `The environment variable ${name} does not exist and was ignored${nearest ? `: did you mean ${nearest}?` : '.'}`,
  headline_prices: ({ offers, compared, quantity }) =>
    `Only the listing headline price is known for ${offers} of ${counted(compared, 'offer')}, without price tiers: the seller may ask a different price${quantity === null ? '' : ` for ${counted(quantity, 'unit')}`}.`,
  places_taken: ({ places }) => `location was understood as ${places.join(' or ')}.`,
  part_failed: ({ code, part, message, hint }) => `Not fetched (${code}): ${part}. ${message} ${hint}`.trimEnd(),
  quotes_converted: ({ offers, currency }) =>
    `${offers === 1 ? '1 price' : `${offers} prices`} in ${currency} converted at the rate that this answer names.`,
  priced_by_pack: ({ offerId, price, currency, name, units }) =>
    `${offerId} is quoted at ${price} ${currency} for a ${name} of ${units}; its price is shown by the piece, and it is ordered in whole ${name === 'box' ? 'boxes' : `${name}s`}.`,
  shop_of_search: () => 'The shop name comes from a search result: the listing details do not include one.',
}

function photosNotSearched({ upstream, positions, credits }: Extract<Remark, { kind: 'photos_not_searched' }>): string {
  const photos = `${positions.length === 1 ? 'photo' : 'photos'} ${positions.join(' and ')}`
  return `${upstream} was not searched by ${photos}, which only rank what was found; to search by them as well, repeat this call with max_credits: ${credits}.`
}

function indexIncomplete({ fetched, total, creditsToFinish }: Extract<Remark, { kind: 'index_incomplete' }>): string {
  const cost = creditsToFinish === null ? 'the first page shows at what cost' : counted(creditsToFinish, 'credit')
  if (fetched > 0)
    return `Only ${fetched} of ${counted(total ?? undefined, 'offer')} in the upstream's index have been fetched; sync_catalogue fetches the rest (${cost}).`
  if (total === null) return `None of the upstream's index has been fetched yet; sync_catalogue fetches it (${cost}).`
  return `The copy of the upstream's index is due for renewal; sync_catalogue fetches it again (${cost}).`
}

function catalogueSetAside({ file, mayHoldImports }: Extract<Remark, { kind: 'catalogue_set_aside' }>): string {
  const imports = mayHoldImports ? ' Import your own offers again, or recover them from that file.' : ''
  return `The catalogue was damaged, so a new one was started. The damaged file is kept as ${file} in the data folder.${imports}`
}

function importsRestored({ file, restored, lost }: Extract<Remark, { kind: 'imports_restored' }>): string {
  const what = file === null ? 'missing' : 'damaged'
  const rest =
    lost === null
      ? 'whether it held more cannot be read'
      : lost === 0
        ? 'none is lost'
        : `${counted(lost, 'offer')} could not be restored: import ${lost === 1 ? 'it' : 'them'} again`
  const kept = file === null ? '' : ` The damaged file is kept as ${file} in the data folder.`
  return `The file of imported offers was ${what}. ${counted(restored, 'offer')} restored from its copies and what could be read; ${rest}.${kept}`
}

/** `Filtered by tmapi: max_price; filtered here: location. 7 of 20 offers match.` */
function filtered({ upstream, there, here, looked, fitting, unlisted, values }: FilterRemark): string {
  const by = [
    ...(there.length > 0 ? [`filtered by ${upstream}: ${there.join(', ')}`] : []),
    ...(upstream !== null && here.length > 0 ? [`filtered here: ${here.join(', ')}`] : []),
  ].join('; ')
  const what = upstream === null ? counted(looked, 'offer') : `the ${counted(looked, 'offer')} looked at`
  const isAre = fitting === 1 ? 'matches' : 'match'
  const more = unlisted === 0 ? '' : unlistedText(unlisted, values)
  return `${by === '' ? '' : `${by[0]?.toUpperCase()}${by.slice(1)}. `}${fitting} of ${what} ${isAre}.${more}`
}

function unlistedText(count: number, values: FilterRemark['values']): string {
  const [isAre, whose] = count === 1 ? ['is', 'its'] : ['are', 'their']
  return ` ${count} more ${isAre} listed after them because ${whose} ${values.join(' or ')} is not listed.`
}

function sorted({ sort, by, within }: Extract<Remark, { kind: 'sorted' }>): string {
  if (by !== null) return `Sorted by ${by}: ${sort}.`
  if (within === 'page') return `Sorted here, within this page: ${sort}.`
  if (within === 'alike') return `Sorted here: ${sort} among the offers that look alike; the others follow.`
  return `Sorted here: ${sort}.`
}

function moreUnread({ upstream, looked, credits }: Extract<Remark, { kind: 'more_unread' }>): string {
  const cost = credits === 0 ? 'costs nothing' : `costs ${counted(credits, 'credit')}`
  return `Only ${counted(looked, 'offer')} of ${upstream} were looked at; its next page ${cost}.`
}

function pageFailed({ upstream, looked, code, message, hint }: Extract<Remark, { kind: 'page_failed' }>): string {
  return `This page is short: after ${counted(looked, 'offer')}, the next page of ${upstream} could not be read (${code}). ${message} ${hint}`.trimEnd()
}

/** `a, b or c`. */
function listed(items: readonly string[]): string {
  return items.length < 2 ? items.join() : `${items.slice(0, -1).join(', ')} or ${items.at(-1)}`
}

function ownMatches({ offers, more }: Extract<Remark, { kind: 'own_matches' }>): string {
  const named = offers.map(({ offerId, title, likeness }) => {
    return `${offerId} (${likeness === null ? '' : `${likeness}: `}${title})`
  })
  return `Imported offers match too, beside this page: ${[...named, ...(more === 0 ? [] : [more === null ? 'and more' : `${more} more`])].join('; ')}.`
}
