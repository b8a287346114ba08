/** The call whose answer is shown, as far as the host has named it: repeated for another page, or for what is missing. */
import type { Host, ToolResult } from '../bridge/host.ts'
import { asObject, asText, type Json } from '../bridge/json.ts'
import { readPage } from '../replies/offers.ts'

export interface SearchCall {
  tool: 'search_by_image' | 'search_by_keyword'
  input: Json
}

/** @param input as the host sent it. @param reply names the picture or the words if the host sent nothing. */
export function searchCallOf(input: Json, reply: Json): SearchCall | null {
  if (asText(input.keyword) !== null) return byWords(input)
  const { page_size, query, image_url, more_image_urls, query_image_url } = reply
  // A picked photo has a reference of its own.
  if (asText(image_url) !== null) return byImage({ image_url, more_image_urls, page_size })
  if (photoOf(input) !== null) return byImage(input)
  const address = asText(query_image_url)
  if (address?.startsWith('https:')) return byImage({ image_url: address, page_size })
  return address === null && asText(query) !== null ? byWords({ keyword: query, page_size }) : null
}

function byImage(input: Json): SearchCall {
  return { tool: 'search_by_image', input }
}

function byWords(input: Json): SearchCall {
  return { tool: 'search_by_keyword', input }
}

/** The first photo of a call: the address of an attachment comes before what the model wrote beside it. */
export function photoOf(input: Json): string | null {
  return asText(asObject(input.photo).download_url) ?? asText(input.image_url)
}

/** Makes the call with changes. */
export function searchAgain(
  host: Host,
  { tool, input }: SearchCall,
  changes: Json,
  maxCredits: number,
): Promise<ToolResult> {
  const { include_images: _pictures, ...rest } = input
  return host.callTool(tool, { ...rest, ...changes, max_credits: maxCredits })
}

/** Whether a free answer is what the paid one would be: known offers alone are not a page of the same source. */
export function isSameSource(result: ToolResult, upstream: string | null): boolean {
  const page = readPage(result.structured)
  return page !== null && page.provenance.upstream === upstream
}

/** What the model is told of a page that the person has turned to. */
export function toldOfPage({ structured }: ToolResult, number: number): string {
  const ids = readPage(structured)?.offers.map(({ offerId }) => offerId) ?? []
  return `The person turned to page ${number} in the product grid: ${ids.join(', ')}`
}
