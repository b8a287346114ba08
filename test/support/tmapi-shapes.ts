/**
 * Answers of TMAPI with every documented field and no other, made from listings. Each body names the page it was taken
 * from.
 */
import { type Listing, yuan } from './listings.ts'

/**
 * The body of a search in Chinese.
 * https://tmapi.top/docs/ali/search/search-items-by-image-url.md
 * https://tmapi.top/docs/ali/search/search-items-by-keyword.md
 */
export function foundPage(listings: readonly Listing[], page: number, pageSize: number) {
  return pageOf(listings, page, pageSize, rowOf)
}

/** https://tmapi.top/docs/ali/multi-language-apis/search-items-by-image-url-v2.md */
export function translatedPage(listings: readonly Listing[], page: number, pageSize: number) {
  return pageOf(listings, page, pageSize, translatedRowOf)
}

function pageOf(
  listings: readonly Listing[],
  page: number,
  pageSize: number,
  toRow: (listing: Listing) => Record<string, unknown>,
) {
  return {
    page,
    page_size: pageSize,
    total_count: listings.length,
    keyword: '',
    sort: 'default',
    cat_id: null,
    filters: {},
    items: listings.slice((page - 1) * pageSize, page * pageSize).map(toRow),
    has_next_page: page * pageSize < listings.length,
  }
}

function rowOf(listing: Listing) {
  const { id, priceFen, moq } = listing
  return {
    item_id: id,
    product_url: `https://detail.1688.com/offer/${id}.html`,
    title: listing.title,
    img: listing.picture,
    category_path: ['315', '10165'],
    price: yuan(priceFen),
    price_info: { sale_price: yuan(priceFen), origin_price: null },
    moq,
    quantity_prices: [
      { begin_num: moq, end_num: 99, price: yuan(priceFen) },
      { begin_num: 100, end_num: null, price: yuan(priceFen - 200) },
    ],
    sale_info: { sale_quantity: '已售200+件', sale_quantity_int: 200, orders_count: 133 },
    delivery_info: { area_from: [listing.province, listing.city] },
    item_repurchase_rate: '9%',
    rating_star: '2.33',
    shop_info: {
      login_id: listing.shop,
      member_id: 'b2b-2200000001',
      company_name: listing.shop,
      shop_url: 'http://shop5o52040l89801.1688.com',
      biz_type: '生产加工',
      is_factory: true,
      is_super_factory: true,
      location: [listing.province, listing.city],
      service_tags: ['深度验厂'],
      shop_years: 9,
      factory_inspection: false,
      score_info: {
        composite_score: '4.0',
        consultation_score: '3.5',
        dispute_score: '4.5',
        logistics_score: '3.8',
        return_score: '5.0',
      },
    },
    is_ad: false,
  }
}

function translatedRowOf(listing: Listing) {
  return {
    item_id: listing.id,
    product_url: `https://detail.1688.com/offer/${listing.id}.html`,
    title: listing.titleEn,
    title_origin: listing.title,
    img: listing.picture,
    category_path: ['130822002', '104'],
    price: yuan(listing.priceFen),
    price_info: { price: yuan(listing.priceFen), sale_price: yuan(listing.priceFen), origin_price: '' },
    currency: 'CNY',
    moq: null,
    sale_info: { sale_quantity_90days: '100000+' },
    delivery_info: { area_from: [listing.province, listing.city], free_shipping: false, ship_in_48h: false },
    shop_info: {
      company_name: listing.shop,
      is_powerful_seller: true,
      is_super_factory: false,
      shop_years: 9,
      score_info: { composite_score: '4.0' },
    },
    item_repurchase_rate: '60%',
    low_refund_rate: false,
    ship_in_48h: false,
    one_piece_min_order: false,
  }
}

/**
 * A record of `item_detail`: a ladder of two steps, two variants.
 * https://tmapi.top/docs/ali/item-detail/get-item-detail-by-id.md
 */
export function detailsOf(listing: Listing) {
  const { id, priceFen } = listing
  return {
    item_id: id,
    product_url: `https://detail.1688.com/offer/${id}.html`,
    title: listing.title,
    category_id: 122_708_008,
    category_name: null,
    root_category_id: 6,
    currency: 'CNY',
    main_imgs: [listing.picture],
    video_url: null,
    detail_url: `https://itemcdn.tmall.com/1688offer/icoss${id}e8deabec21bf13a610`,
    offer_unit: '件',
    product_props: [{ 品牌: '示例' }, { 材质: '示例材质' }, { 风格: '简约' }, { 产地: listing.city }],
    sale_count: '12',
    price_info: {
      price: yuan(priceFen),
      price_min: yuan(priceFen - 200),
      price_max: yuan(priceFen),
      origin_price_min: yuan(priceFen + 300),
      origin_price_max: yuan(priceFen + 500),
      discount_price: '',
    },
    tiered_price_info: {
      begin_num: listing.moq,
      prices: [
        { beginAmount: String(listing.moq), price: yuan(priceFen) },
        { beginAmount: '100', price: yuan(priceFen - 200) },
      ],
    },
    mixed_batch: { mix_amount: 80, mix_begin: 0, mix_num: 5, shop_mix_num: 2_147_483_647 },
    sale_info: { sale_quantity_90days: '100+' },
    is_sold_out: false,
    support_drop_shipping: false,
    support_cross_border: false,
    shop_info: {
      shop_name: listing.shop,
      shop_url: 'https://winport.m.1688.com/page/index.html?memberId=b2b-2200000001',
      seller_login_id: listing.shop,
      seller_user_id: '2200000001',
      seller_member_id: 'b2b-2200000001',
    },
    delivery_info: {
      location: `${listing.province}省${listing.city}`,
      location_code: '12687509',
      delivery_fee: 4,
      unit_weight: 0,
      template_id: '10915233',
    },
    service_tags: ['7天无理由退货', '晚发必赔'],
    skus: [
      { ...skuOf(1, priceFen), stock: 5, props_names: '颜色:红色' },
      { ...skuOf(2, priceFen - 50), stock: 0, props_names: '颜色:蓝色' },
    ],
    stock: 5,
    promotions: [],
  }
}

function skuOf(number: number, priceFen: number) {
  return {
    skuid: `500000000000${number}`,
    specid: `48df1c8f09f1bfa97d55234bc9219b0${number}`,
    sale_price: yuan(priceFen),
    origin_price: yuan(priceFen),
    package_info: { weight: 0.12, length: 20, width: 15, height: 8, volume: 2400 },
  }
}

/** Of every listing. */
export const MEMBER_ID = 'b2b-2200000001'

/** `shop/shop_info`, with the fields that its documentation lists; no address of that page is on record. */
export function shopProfile([first]: readonly Listing[]) {
  return {
    member_id: MEMBER_ID,
    seller_id: '2200000001',
    company_id: '40012345',
    company_name: first?.shop ?? '',
    contact_phone: null,
    shop_url: 'https://shop5o52040l89801.1688.com',
    shop_logo: null,
    shop_name: first?.shop ?? '',
    chat_url: null,
    location_str: `${first?.province ?? ''} ${first?.city ?? ''}`,
    is_industry_brand: false,
    is_factory: true,
    is_super_factory: false,
    is_flagship_shop: false,
    is_tp: true,
    tp_year: 9,
    favorite_count: 1200,
    shop_ratings: [
      { title: '退换体验', type: 'return_exchange_experience', score: '5.0' },
      { title: '品质体验', type: 'goods_quality_experience', score: '4.7' },
      { title: '物流时效', type: 'logistics', score: '3.8' },
      { title: '纠纷解决', type: 'dispute_resolution', score: '4.5' },
      { title: '采购咨询', type: 'purchase_consultation', score: '0' },
      { title: '综合', type: 'comprehensive', score: '4.0' },
    ],
  }
}

const SHOP_PAGE_SIZE = 20

/** `shop/items`, whose page's address is not on record either. The total is text, and nothing says whether there is another page. */
export function shopPage(listings: readonly Listing[], page: number) {
  const rows = listings.slice((page - 1) * SHOP_PAGE_SIZE, page * SHOP_PAGE_SIZE)
  return { page, page_size: SHOP_PAGE_SIZE, total_count: String(listings.length), items: rows.map(shopRow) }
}

function shopRow({ id, title, picture, priceFen, moq }: Listing) {
  return {
    item_id: id,
    title,
    img: picture,
    main_imgs: [picture],
    category_name: '杯子',
    price: yuan(priceFen),
    price_info: {
      drop_ship_price: yuan(priceFen + 100),
      wholesale_price: yuan(priceFen),
      origin_price: yuan(priceFen),
      agent_price: null,
    },
    quantity_begin: String(moq),
    sale_info: {
      gmv_30days: 1300,
      gmv_90days: 4000,
      sale_quantity_30days: 120,
      sale_quantity_90days: 350,
      orders_count_30days: 40,
    },
    unit: '件',
    created_time: '2024-04-20 08:00:00',
    status: 'published',
  }
}
