/** Reads the text of a search reply, for hosts that withhold its JSON, into the JSON it was made from. */
import type { Json } from './json.ts'

/** The JSON's names for columns of the text, where they differ. */
const COLUMNS: Readonly<Record<string, string>> = {
  'price CNY': 'price',
  shop: 'shop_name',
  filter: 'unlisted',
  MOQ: 'moq',
  picture: 'image_url',
  link: 'detail_url',
}

const HEADING = /^(same item|probably the same item|similar|not alike):$/

/** `null` if the text is not that of a search. */
export function readSearchText(text: string): Json | null {
  const lines = text.split('\n')
  const [, total, page, query] =
    /\d+ of (\d+|an unknown number of) offers?, page (\d+) \(.*?\), for (.*)$/.exec(lines[0] ?? '') ?? []
  const start = lines.findIndex(line => line.startsWith('offer_id | '))
  if (page === undefined) return null
  const columns = (lines[start] ?? '').split(' | ')
  const products: Json[] = []
  let likeness: string | undefined
  for (const line of start < 0 ? [] : lines.slice(start + 1)) {
    const heading = HEADING.exec(line)?.[1]
    if (heading !== undefined) likeness = heading
    else if (!/^\d{5,19}\b.* \| /.test(line)) break
    else products.push(productOf(line.split(' | '), columns, likeness))
  }
  const after = (name: string) => lines.find(line => line.startsWith(`${name}: `))?.slice(name.length + 2)
  const [, upstream, age] = /^([\w-]+)(?:, fetched (\d+) s ago)?/.exec(after('source') ?? '') ?? []
  const [, spent] = /credits spent: (\d+)/.exec(after('source') ?? '') ?? []
  return {
    products,
    page: Number(page),
    total_found: Number(total),
    // The text does not say whether it names a picture or words.
    query_image_url: query,
    image_url: after('image_url')?.split(' ')[0],
    note: after('note'),
    next: after('next'),
    source: {
      upstream,
      ...(age !== undefined && { age_s: Number(age) }),
      stale: after('source')?.includes('out of date'),
    },
    credits: { ...(spent !== undefined && { spent: Number(spent) }) },
  }
}

function productOf(cells: readonly string[], columns: readonly string[], likeness: string | undefined): Json {
  const known = columns.flatMap((column, index): [string, unknown][] => {
    const value = cells[index]
    // Named by its code, such as USD.
    const name = COLUMNS[column] ?? (/^[A-Z]/.test(column) ? 'price_other' : column)
    if (value === undefined || value === '-') return []
    if (name === 'offer_id') return [[name, value.split(' ')[0]]]
    if (name !== 'moq') return [[name, value]]
    const [count, unit] = value.split(' ')
    return [
      [name, Number(count)],
      ['unit', unit],
    ]
  })
  return { likeness, ...Object.fromEntries(known) }
}
