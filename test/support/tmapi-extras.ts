/**
 * Reviews, sales and descriptions of TMAPI, with the fields that its documentation lists; the addresses of these pages
 * are not on record.
 */

/** `item/rating`: two of four texts are 1688's own, for buyers who wrote nothing; of some offers, all are. */
export function ratingPage(itemId: string) {
  const row = (id: number, feedback: string, day: string, stars: number) => ({
    id,
    feedback,
    feedback_date: `2026-${day}T08:00:00.000Z`,
    rate_star: stars,
    sku_map: '颜色:白色;尺码:XL',
    user_nick: 'b**r',
  })
  const defaults = [
    row(2, '评价方未及时做出评价,系统默认好评!', '10-20', 5),
    row(4, '该用户觉得商品非常赞，给出了五星好评', '11-04', 5),
  ]
  const written = [row(1, '质量不错，发货快', '10-02', 5), row(3, '杯盖有点松，<script>alert(1)</script>', '11-03', 3)]
  return { item_id: itemId, page: 1, page_size: 10, list: itemId.endsWith('7') ? defaults : [...written, ...defaults] }
}

/** `item/statistics/sales`: three weeks. */
export function salesStatistics() {
  const dates = Array.from({ length: 21 }, (_, day) => `2026-11-${String(day + 1).padStart(2, '0')}`)
  return {
    publish_time: '2024-04-20 08:00:00',
    sales_quantity_30days: 420,
    sales_quantity_total: '1.5万+',
    order_quantity_total: '3500+',
    sales_trend: dates.map((date, day) => ({ date, sales_quantity: 10 + day, order_quantity: 3 })),
    price_trend: [
      { date: '2026-11-01', price_min: '10.50', price_max: '12.00' },
      { date: '2026-11-21', price_min: '9.80', price_max: '12.00' },
    ],
  }
}

/** `item_desc`. */
export function description(itemId: string) {
  return {
    item_id: itemId,
    detail_imgs: ['https://cbu01.alicdn.com/img/ibank/d1.jpg', 'javascript:alert(1)'],
    detail_html: '<p>…</p>',
  }
}

/** `item/shipping`: 5 yuan for the first kilogram, 2 for each further one. */
export function shippingFee(query: URLSearchParams) {
  const weight = Number(query.get('total_weight') ?? query.get('total_quantity'))
  return {
    shipping_to: query.get('province'),
    unit: 'kg',
    first_unit: '1',
    first_unit_fee: '5.00',
    next_unit: '1',
    next_unit_fee: '2.00',
    total_quantity: Number(query.get('total_quantity')),
    total_weight: weight,
    total_fee: (5 + 2 * Math.max(0, Math.ceil(weight) - 1)).toFixed(2),
  }
}
