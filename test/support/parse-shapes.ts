/** Answers of the 1688.com API on Parse, made from rows of its index. */

/** With the upstream's field names. */
export interface IndexRow {
  offer_id: string
  title: string
  price: string
  image_url: string
  shop_name: string
  city: string
}

const NOTE =
  'Results come from a product index that was rendered before. The image_url parameter is noted, but the products are those of a cached search index of sun protection and face mask products.'

const PROVINCES: Readonly<Record<string, string>> = { 广州市: '广东', 泉州市: '福建', 上海市: '上海' }

/** Further pictures of a listing. */
const MORE_PICTURES = [2, 3, 4, 5]

/**
 * With the fields of the API's own page and sample:
 * https://api.parse.bot/scraper/bce3cd9b-591a-4e87-a406-6e57ab0dd092/search_by_image
 */
export function indexBody(rows: readonly IndexRow[], page: number, pageSize: number, pictureUrl: string | null) {
  const data = {
    note: NOTE,
    page,
    products: rows.slice((page - 1) * pageSize, page * pageSize),
    page_size: pageSize,
    total_found: rows.length,
    query_image_url: pictureUrl,
  }
  return { status: 'success', data }
}

/**
 * With the fields of the API's own page:
 * https://api.parse.bot/scraper/bce3cd9b-591a-4e87-a406-6e57ab0dd092/get_product_details
 */
export function detailsBody(row: IndexRow) {
  return { status: 'success', data: detailsRecord(row) }
}

export function detailsRecord(row: IndexRow) {
  const [min, max = min] = row.price.split('-')
  return {
    title: row.title,
    min_price: min,
    max_price: max,
    unit: '件',
    // An integer or null.
    moq: 2,
    city: row.city,
    province: PROVINCES[row.city] ?? '浙江',
    images: [row.image_url, ...MORE_PICTURES.map(number => row.image_url.replace('.jpg', `-${number}.jpg`))],
    detail_url: `https://detail.1688.com/offer/${row.offer_id}.html`,
  }
}
