/** Reads an offer ID from whatever a buyer pastes, and builds links from IDs only. */
import { type AppError, invalidInput } from '../../errors.ts'
import { cleanText, quoted, withPlainDigits } from '../text.ts'

/** An ID is digits only and kept as a string; 10 to 14 digits are usual on 1688, 5 are the embedded samples'. */
const OFFER_ID = /^[1-9]\d{4,18}$/

/** Hosts of 1688 whose links carry no ID: share codes and advertisements. */
const LINKS_WITHOUT_ID = new Set(['qr.1688.com', 'dj.1688.com'])

/** The longest text that is searched for an ID, in characters. */
const SHARE_TEXT_MAX_CHARS = 4000

/** A link in running text: ASCII only, so that Chinese words right after it are not part of it. */
const LINK = /(?:https?:\/\/)?(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?(?:[/?][!#-&(-;=?-~]*)?/gi

/** What ends a sentence, not a link: NFKC turned Chinese marks into these, which a link may hold. */
const CLOSING_MARKS = /[!(),.:;\]}]+$/

/** A link of 1688, also where another site's link carries it as a parameter. */
const LISTING = /(?<![a-z0-9.@-])((?:[a-z0-9-]+\.)*1688\.com)(?::\d+)?([/?][^\s"'<>|\\]*)/gi

/** Another site's link that says its ID is of 1688: `?source=1688&id=1`, `?shop_type=ali_1688`, `/1688/detail?id=1`. */
const OF_1688 =
  /[?&](?:shop_?|item_?)?(?:source|platform|type|channel|site|mall|store|provider|from)=(?:al|ali|(?:ali(?:baba)?[_-]?)?1688)(?![a-z0-9])|\/(?:ali(?:baba)?[_-]?)?1688(?=[/?])/i

/** Paths of listings: /offer/1.html, /buyer/offerdetail/1.html, /page/offerdetail_1.html, /pic/1.html. */
const LISTING_PATH = /\/(?:offer|offerdetail|pic|product)[/_]([1-9]\d{4,18})(?!\d)/i

/** `offerId=1`, in any case, also in links of the app and in JSON. */
const LISTING_PARAMETER =
  /(?:^|[?&#;,{"'\s/])(?:offer_?ids?|item_?id|product_?id|object_?id|id)["']?[=:]\s*["']?([1-9]\d{4,18})(?!\d)/i

/** Links of the app (`wireless1688://…?offerId=1`). */
const APP_LINK = /[a-z]*1688:\/\/\S*?offer_?id=([1-9]\d{4,18})(?!\d)/gi

/** Links of buying agents that name the marketplace and the ID: `…/item-1688-1.html`, `…/product/1688/1`. */
const AGENT_LINK = /(?<![\d.])1688[-_/=]([1-9]\d{8,18})(?!\d)/g

/** `ID: 1`, `#1`, `商品编号:1`, `offer 1`. */
const LABELLED =
  /(?:#|(?:^|[^a-z])(?:id|no|offer|item)|编号|货号|商品)\s*(?:id|no)?[\s.:#=-]*([1-9]\d{4,18})(?![\dA-Za-z])/gi

/** A separate number as long as real IDs. */
const LONG_NUMBER = /(?<![\dA-Za-z.])([1-9]\d{8,18})(?:\.html?)?(?![\dA-Za-z])/gi

/** In threes, at least three of them: a number of nine digits or more. */
const GROUPED = /^[1-9]\d{0,2}(?:([ ,.'])\d{3})(?:\1\d{3})+$/
const SHORTENED = /^([1-9])[.,](\d+)e\+?(\d{1,2})$/i

const EXAMPLE =
  'Pass the offer ID (digits, for example 791912182230) or the link https://detail.1688.com/offer/791912182230.html.'

export function isOfferId(text: string): boolean {
  return OFFER_ID.test(text)
}

/**
 * The offer ID in `text`: a bare ID, any form of a listing's link (also escaped, or wrapped in another site's link), or
 * a text that holds one.
 * @throws AppError `invalid_input` that says what was wrong: no ID, a short link, a foreign host, or several different
 * offers.
 */
export function parseOfferId(text: string): string {
  const input = cleanText(text, SHARE_TEXT_MAX_CHARS) ?? ''
  const number = asNumber(input)
  if (isOfferId(number)) return number
  const plain = unescapeText(input)
  const links = (plain.match(LINK) ?? []).map(link => link.replace(CLOSING_MARKS, ''))
  const ids = new Set(idsOfLinks(plain))
  // Numbers beside a link are prices, sizes and telephone numbers.
  if (ids.size === 0 && links.every(link => hostOf(link) === null)) {
    for (const id of idsOfWords(plain)) ids.add(id)
  }
  const [id, ...others] = ids
  if (id !== undefined && others.length === 0) return id
  if (others.length > 0) {
    throw invalidInput(
      `The text names ${ids.size} different offers: ${[...ids].slice(0, 3).join(', ')}.`,
      'Pass one offer at a time.',
    )
  }
  throw whyNoId(input, links)
}

/** As spreadsheets and people write a long number: `791,912,182,230`, `7.91912182230E+11`; the text if it is none. */
function asNumber(text: string): string {
  const plain = withPlainDigits(text)
  const [, first = '', rest = '', exponent = ''] = SHORTENED.exec(plain) ?? []
  if (first !== '') return rest.length < Number(exponent) ? plain : `${first}${rest}`.slice(0, Number(exponent) + 1)
  return GROUPED.test(plain) ? plain.replaceAll(/\D/g, '') : plain
}

/** The listing's page. Links are always built from the ID, never passed on from an upstream. */
export function listingUrl(offerId: string): string {
  return `https://detail.1688.com/offer/${offerId}.html`
}

function idsOfLinks(text: string): string[] {
  const listings = [...text.matchAll(LISTING)].flatMap(([, host = '', rest = '']) => {
    if (LINKS_WITHOUT_ID.has(host.toLowerCase())) return []
    return LISTING_PATH.exec(rest)?.[1] ?? LISTING_PARAMETER.exec(rest)?.[1] ?? []
  })
  const others = [APP_LINK, AGENT_LINK].flatMap(pattern => [...text.matchAll(pattern)].map(([, id = '']) => id))
  const agents = (text.match(LINK) ?? [])
    .filter(link => OF_1688.test(link) && !isListingHost(hostOf(link) ?? ''))
    .flatMap(link => LISTING_PARAMETER.exec(link)?.[1] ?? [])
  return [...listings, ...others, ...agents].filter(isOfferId)
}

function idsOfWords(text: string): string[] {
  const labelled = [...text.matchAll(LABELLED)].map(([, id = '']) => id)
  return labelled.length > 0 ? labelled : [...text.matchAll(LONG_NUMBER)].map(([, id = '']) => id)
}

/** Undoes what wraps a link on its way: HTML entities, JSON escapes, and percent-encoding, also twice. */
function unescapeText(text: string): string {
  let plain = text
    .replaceAll(/&(?:amp|#38|#x26);/gi, '&')
    .replaceAll(/\\u002f/gi, '/')
    .replaceAll(/\\u0026/gi, '&')
    .replaceAll('\\/', '/')
    .replaceAll(/([a-z0-9-]+)\.translate\.goog(?=\/)/gi, (_, host: string) =>
      host.replaceAll(/-(-?)/g, '.$1').replaceAll('.-', '-'),
    )
  for (let round = 0; round < 3 && /%(?:25)*(?:2F|3A|3D|3F)/i.test(plain); round++) {
    plain = plain.replaceAll(/%(25|2F|3A|3D|3F|26)/gi, code => decodeURIComponent(code))
  }
  return plain
}

function hostOf(link: string): string | null {
  const withScheme = /^https?:\/\//i.test(link) ? link : `https://${link}`
  // `980815374096.html` has the form of a host.
  if (!URL.canParse(withScheme) || /^\d+\.html?$/i.test(link)) return null
  return new URL(withScheme).hostname
}

function isListingHost(host: string): boolean {
  return host === '1688.com' || host.endsWith('.1688.com')
}

function whyNoId(input: string, links: readonly string[]): AppError {
  const hosts = links.map(hostOf).filter(host => host !== null)
  if (hosts.some(host => LINKS_WITHOUT_ID.has(host))) {
    return invalidInput(
      'This is a short or advertising link of 1688, which carries no offer ID.',
      'Open it in a browser and pass the link of the listing it leads to (https://detail.1688.com/offer/….html).',
    )
  }
  if (hosts.some(isListingHost)) return invalidInput('This 1688 link does not point to an offer.', EXAMPLE)
  if (hosts.length > 0) return invalidInput('This link points to a site other than 1688.com.', EXAMPLE)
  if (input === '') return invalidInput('offer_id is empty.', EXAMPLE)
  if (SHORTENED.test(input)) {
    return invalidInput(`${quoted(input)} is an ID that a spreadsheet shortened: its last digits are lost.`, EXAMPLE)
  }
  return invalidInput(
    `${quoted(input)} is not a valid offer ID: expected 5 to 19 digits, not starting with 0.`,
    EXAMPLE,
  )
}
