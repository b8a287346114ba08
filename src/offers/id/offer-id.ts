/** Offer ids and links: reading an id from whatever a buyer pastes, and building links from ids only. */
import { AppError } from '../../errors.ts'
import { cleanText } from '../text.ts'

/** An id is digits only and kept as a string; 10 to 14 digits are usual on 1688, 5 are the embedded samples'. */
const OFFER_ID = /^[1-9]\d{4,18}$/

/** Hosts whose links carry an id, with every host below them. */
const LISTING_DOMAIN = '1688.com'

/** Hosts of 1688 whose links carry no id: share codes and advertisements. */
const LINKS_WITHOUT_ID = new Set(['qr.1688.com', 'dj.1688.com'])

/** The longest text that is searched for a link, in characters. */
const SHARE_TEXT_MAX_CHARS = 4000

/** A link in running text: ASCII only, so that Chinese words right behind it are not part of it. */
const LINK = /(?:https?:\/\/)?(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?(?:[/?][!#-&(-;=?-~]*)?/gi

/** What ends a sentence, not a link: Chinese marks became these ASCII ones, which a link may hold. */
const CLOSING_MARKS = /[!(),.:;\]}]+$/

const EXAMPLE =
  'Pass the offer id (digits, for example 791912182230) or the listing link https://detail.1688.com/offer/791912182230.html.'

/** True for a well-formed offer id. */
export function isOfferId(text: string): boolean {
  return OFFER_ID.test(text)
}

/**
 * The offer id in `text`: a bare id, any form of a listing's link, or a share text that holds one.
 * @throws AppError `invalid_input` that says what was wrong: no id, a short link, a foreign host, or several different offers.
 */
export function parseOfferId(text: string): string {
  const input = cleanText(text, SHARE_TEXT_MAX_CHARS) ?? ''
  if (isOfferId(input)) return input
  const links = (input.match(LINK) ?? []).map(link => link.replace(CLOSING_MARKS, ''))
  const ids = new Set(links.map(idOfLink).filter(id => id !== null))
  const [id, ...others] = ids
  if (id !== undefined && others.length === 0) return id
  if (others.length > 0) throw invalid(`offer_id names ${ids.size} different offers.`, 'Pass one offer at a time.')
  throw whyNoId(input, links)
}

/** The listing's page. Links are always built from the id, never passed on from an upstream. */
export function listingUrl(offerId: string): string {
  return `https://detail.1688.com/offer/${offerId}.html`
}

function idOfLink(link: string): string | null {
  const url = asUrl(link)
  if (!url || !isListingHost(url.hostname) || LINKS_WITHOUT_ID.has(url.hostname)) return null
  const id = /\/offer\/(\d+)(?:\.html?)?\/?$/i.exec(url.pathname)?.[1] ?? url.searchParams.get('offerId') ?? ''
  return isOfferId(id) ? id : null
}

function asUrl(link: string): URL | null {
  const withScheme = /^https?:\/\//i.test(link) ? link : `https://${link}`
  return URL.canParse(withScheme) ? new URL(withScheme) : null
}

function isListingHost(host: string): boolean {
  return host === LISTING_DOMAIN || host.endsWith(`.${LISTING_DOMAIN}`)
}

function whyNoId(input: string, links: readonly string[]): AppError {
  const hosts = links.map(link => asUrl(link)?.hostname ?? '').filter(host => host !== '')
  if (hosts.some(host => LINKS_WITHOUT_ID.has(host))) {
    return invalid(
      'This is a short or advertising link of 1688, which carries no offer id.',
      'Open it in a browser and pass the link of the listing it leads to (https://detail.1688.com/offer/….html).',
    )
  }
  if (hosts.some(isListingHost)) return invalid('This link of 1688 names no offer.', EXAMPLE)
  if (hosts.length > 0) return invalid('offer_id is a link to a site other than 1688.com.', EXAMPLE)
  if (input === '') return invalid('offer_id is empty.', EXAMPLE)
  return invalid('offer_id is no offer id: an id is 5 to 19 digits and does not start with 0.', EXAMPLE)
}

function invalid(message: string, hint: string): AppError {
  return new AppError({ code: 'invalid_input', message, hint })
}
