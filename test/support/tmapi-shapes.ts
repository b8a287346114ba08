/** Owns the shapes in which TMAPI answers, made from listings. */
import { type Listing, yuan } from './listings.ts'

/** A page of `search/image` or `search/items`. */
export function foundPage(listings: readonly Listing[], page: number, pageSize: number) {
  return {
    page,
    page_size: pageSize,
    total_count: listings.length,
    sort: 'default',
    items: listings.slice((page - 1) * pageSize, page * pageSize).map(rowOf),
    has_next_page: page * pageSize < listings.length,
  }
}

function rowOf(listing: Listing) {
  return {
    item_id: listing.id,
    product_url: `https://detail.1688.com/offer/${listing.id}.html`,
    title: listing.titleEn,
    title_origin: listing.title,
    img: listing.picture,
    price: yuan(listing.priceFen),
    price_info: { price: yuan(listing.priceFen), sale_price: yuan(listing.priceFen), origin_price: '' },
    currency: 'CNY',
    moq: null,
    quantity_begin: String(listing.moq),
    sale_info: { sale_quantity_90days: '100000+' },
    delivery_info: { area_from: [listing.province, listing.city], free_shipping: false },
    shop_info: { company_name: listing.shop, is_powerful_seller: true, is_super_factory: false },
    item_repurchase_rate: '60%',
  }
}

/** A record of `item_detail`: a ladder of two steps, two variants. */
export function detailsOf(listing: Listing) {
  const { priceFen } = listing
  return {
    item_id: listing.id,
    product_url: `https://detail.1688.com/offer/${listing.id}.html`,
    title: listing.title,
    currency: 'CNY',
    main_imgs: [listing.picture],
    detail_url: `https://itemcdn.tmall.com/1688offer/sample-${listing.id}`,
    offer_unit: '件',
    sale_count: '12',
    price_info: { price: yuan(priceFen), price_min: yuan(priceFen - 200), price_max: yuan(priceFen) },
    tiered_price_info: {
      begin_num: listing.moq,
      prices: [
        { beginAmount: String(listing.moq), price: yuan(priceFen) },
        { beginAmount: '100', price: yuan(priceFen - 200) },
      ],
    },
    sale_info: { sale_quantity_90days: '100+' },
    is_sold_out: false,
    shop_info: { shop_name: listing.shop, is_super_factory: 'true' },
    delivery_info: { location: `${listing.province}省${listing.city}`, unit_weight: 0 },
    skus: [
      { skuid: '5000000000001', sale_price: yuan(priceFen), stock: 5, props_names: '颜色:红色' },
      { skuid: '5000000000002', sale_price: yuan(priceFen - 50), stock: 0, props_names: '颜色:蓝色' },
    ],
  }
}
