/** Namespace and name; all have version 1. Each is granted to an application separately. */
export const APIS = {
  uploadPicture: 'com.alibaba.fenxiao.crossborder/product.image.upload',
  imageQuery: 'com.alibaba.fenxiao.crossborder/product.search.imageQuery',
  similarOffers: 'com.alibaba.linkplus/alibaba.cross.similar.offer.search',
  keywordQuery: 'com.alibaba.fenxiao.crossborder/product.search.keywordQuery',
  sellerOffers: 'com.alibaba.fenxiao.crossborder/product.search.querySellerOfferList',
  salesTrend: 'com.alibaba.fenxiao.crossborder/product.analyze.getPerdaySellQuantityTrendNew',
  freight: 'com.alibaba.fenxiao.crossborder/product.freight.estimate',
  productDetail: 'com.alibaba.fenxiao.crossborder/product.search.queryProductDetail',
} as const

export type ApiName = keyof typeof APIS

export const API_NAMES = [
  'uploadPicture',
  'imageQuery',
  'similarOffers',
  'keywordQuery',
  'sellerOffers',
  'salesTrend',
  'freight',
  'productDetail',
] as const

/** As the platform's console lists it. */
export function consoleName(api: ApiName): string {
  return APIS[api].split('/')[1] ?? api
}
