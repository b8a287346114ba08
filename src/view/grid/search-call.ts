/** The call whose answer is shown, as far as the host has said it: it is made again for another page, or for what is missing. */
import type { Host, ToolResult } from '../bridge/host.ts'
import { asText, asTexts, type Json } from '../bridge/json.ts'
import { readPage } from '../replies/offers.ts'

export interface SearchCall {
  tool: 'search_by_image' | 'search_by_keyword'
  input: Json
}

/** @param input as the host sent it. @param reply names the picture or the words if the host sent nothing. */
export function searchCallOf(input: Json, reply: Json): SearchCall | null {
  if (asText(input.keyword) !== null) return { tool: 'search_by_keyword', input }
  if (asText(input.image_url) !== null) return { tool: 'search_by_image', input }
  // A picked photo has a reference of its own.
  const picked = asText(reply.image_url)
  if (picked !== null) {
    const more = asTexts(reply.more_image_urls)
    const photos = { image_url: picked, ...(more.length > 0 && { more_image_urls: more }) }
    return { tool: 'search_by_image', input: { ...photos, page_size: reply.page_size } }
  }
  const { page_size } = reply
  const words = asText(reply.query)
  if (words !== null && reply.query_image_url === undefined)
    return { tool: 'search_by_keyword', input: { keyword: words, page_size } }
  const address = asText(reply.query_image_url)
  return address?.startsWith('https:') ? { tool: 'search_by_image', input: { image_url: address, page_size } } : null
}

/** Makes the call with changes. Without `mayCost` it spends nothing. */
export function searchAgain(
  host: Host,
  { tool, input }: SearchCall,
  changes: Json,
  mayCost: boolean,
): Promise<ToolResult> {
  const { max_credits: _limit, include_images: _pictures, ...rest } = input
  return host.callTool(tool, { ...rest, ...changes, ...(mayCost ? {} : { max_credits: 0 }) })
}

/** Whether a free answer is what the paid one would be: known offers alone are not a page of the same source. */
export function isSameSource(result: ToolResult, upstream: string | null): boolean {
  const page = result.isError ? null : readPage(result.structured)
  return page !== null && page.provenance.upstream === upstream
}

/** What the model is told of a page that the person has turned to. */
export function toldOfPage({ structured }: ToolResult, number: number): string {
  const ids = readPage(structured)?.offers.map(({ offerId }) => offerId) ?? []
  return `The person turned to page ${number} in the product grid: ${ids.join(', ')}`
}
