/** Search results of the 1688 Open Platform with the documented fields and no other, made from listings. */
import { type Listing, yuan } from './listings.ts'

/** https://open.1688.com/api/apidocdetail.htm?id=com.alibaba.fenxiao.crossborder:product.search.imageQuery-1 */
export function imagePage(listings: readonly Listing[], page: number, pageSize: number) {
  const picRegionInfo = {
    currentRegion: '265,597,326,764',
    yoloCropRegion: '265,597,326,764;443,783,154,595',
  }
  const result = { ...pageOf(listings, page, pageSize, imageRow), picRegionInfo }
  return { success: 'true', code: '200', message: 'success', result }
}

/** https://open.1688.com/api/apidocdetail.htm?id=com.alibaba.fenxiao.crossborder:product.search.keywordQuery-1 */
export function keywordPage(listings: readonly Listing[], page: number, pageSize: number) {
  return { success: true, code: '200', message: 'success', result: pageOf(listings, page, pageSize, keywordRow) }
}

/** https://open.1688.com/api/apidocdetail.htm?id=com.alibaba.fenxiao.crossborder:product.analyze.getPerdaySellQuantityTrendNew-1 */
export function salesTrend(startDate: string, endDate: string) {
  const result = [
    { date: startDate, value: '20' },
    { date: endDate, value: '' },
  ]
  return { success: true, retCode: '200', retMsg: null, result }
}

/**
 * 6 yuan for the first kilogram, 1.50 for each further one, at 0.12 kg a unit.
 * https://open.1688.com/api/apidocdetail.htm?id=com.alibaba.fenxiao.crossborder:product.freight.estimate-1
 */
export function freightEstimate(totalNum: number) {
  const result = {
    freight: (6 + 1.5 * Math.max(0, Math.ceil(totalNum * 0.12) - 1)).toFixed(2),
    freePostage: false,
    chargeType: '0',
    firstFee: '6.0',
    firstUnit: '1.0',
    nextFee: '1.5',
    nextUnit: '1.0',
    discount: null,
    templateType: 'EXPRESS',
    templateName: '快递',
    singleProductWeight: 0.12,
    productFreightSkuInfoModels: [],
  }
  return { success: true, code: '200', message: 'success', result }
}

/** https://open.1688.com/api/apidocdetail.htm?id=com.alibaba.fenxiao.crossborder:product.search.querySellerOfferList-1 */
export function sellerPage(listings: readonly Listing[], page: number, pageSize: number) {
  return { success: true, code: '200', message: 'success', result: pageOf(listings, page, pageSize, sellerRow) }
}

function pageOf<Row>(listings: readonly Listing[], page: number, pageSize: number, rowOf: (listing: Listing) => Row) {
  return {
    totalRecords: listings.length,
    totalPage: Math.ceil(listings.length / pageSize),
    pageSize,
    currentPage: page,
    data: listings.slice((page - 1) * pageSize, page * pageSize).map(rowOf),
  }
}

function imageRow(listing: Listing) {
  return {
    ...rowOfBoth(listing),
    companyName: listing.shop,
    companyAddress: `${listing.province}省${listing.city}`,
    offerDataInfo: {
      offerApplauseRate: '98.5%',
      kjFeaturedServices: 'C',
      qualityRfdRate30d: '0%',
      repurchaseRate30d: '33.9%',
      pickupRate24h30d: '98%',
    },
  }
}

/** Names no shop and no place. */
function keywordRow(listing: Listing) {
  return {
    ...rowOfBoth(listing),
    aigcImageUrl: listing.picture.replace('.jpg', '-en.jpg'),
    whiteImage: listing.picture.replace('.jpg', '-white.jpg'),
  }
}

function sellerRow(listing: Listing) {
  return {
    offerId: listing.id,
    subject: listing.title,
    subjectTrans: listing.titleEn,
    imageUrl: listing.picture,
    priceInfo: { price: yuan(listing.priceFen), consignPrice: yuan(listing.priceFen + 100) },
    repurchaseRate: '10%',
    monthSold: 57,
    isOnePsale: true,
    createDate: '2024-04-20 08:00:00',
    modifyDate: '2024-09-02 17:30:12',
    isPatentProduct: false,
    offerIdentities: ['tp_member'],
  }
}

function rowOfBoth(listing: Listing) {
  return {
    imageUrl: listing.picture,
    subject: listing.title,
    subjectTrans: listing.titleEn,
    priceInfo: {
      price: yuan(listing.priceFen),
      jxhyPrice: yuan(listing.priceFen - 20),
      pfJxhyPrice: yuan(listing.priceFen - 30),
      consignPrice: yuan(listing.priceFen + 100),
      promotionPrice: yuan(listing.priceFen - 10),
    },
    offerId: listing.id,
    isJxhy: true,
    repurchaseRate: '13%',
    monthSold: 1234,
    traceInfo: `object_id@${listing.id}^object_type@offer`,
    isOnePsale: true,
    sellerIdentities: ['super_factory', 'tp_member'],
    offerIdentities: ['yx'],
    tradeScore: '5.0',
    promotionModel: { hasPromotion: true, promotionType: 'plus' },
    topCategoryId: 96,
    secondCategoryId: 1_037_009,
    thirdCategoryId: 1_037_012,
    isPatentProduct: false,
    createDate: '2024-04-20 08:00:00',
    modifyDate: '2024-09-02 17:30:12',
    isSelect: true,
    sellerDataInfo: { ...SELLER_SCORES, tpYear: 6 },
    productSimpleShippingInfo: {
      shippingTimeGuarantee: 'shipIn24Hours',
      perfectFulfillmentRate30d: '99.12%',
      pickupWithin24hRate30d: '100%',
      qualityReturnRate30d: '1.23%',
      perfectFulfillmentRate7d: '98.40%',
      pickupWithin24hRate7d: '97.05%',
      delayedShippingRate7d: '2.34%',
    },
    minOrderQuantity: listing.moq,
    token: '5L9Z3683O2iVIvwFxNdqnUlMVbKYHWGWcjs',
    promotionURL: `https://detail.1688.com/offer/${listing.id}.html?fromkv=refer:5L9Z3683O2iVIvwF`,
    sales7d: '321',
    productTradeInfo: {
      addCartCount7d: '12',
      payBuyerCount7d: '23',
      addCartCount30d: '34',
      payBuyerCount30d: '45',
    },
    invoiceInfo: INVOICE,
  }
}

/** Of rows and details. */
export const INVOICE = {
  supportOnlineInvoice: true,
  supportFastInvoice: false,
  invoiceTypes: ['普票', '专票'],
  taxpayerType: '一般纳税人',
}

/** Of rows and details. */
export const SELLER_SCORES = {
  tradeMedalLevel: '5',
  compositeServiceScore: '4.5',
  logisticsExperienceScore: '4.2',
  disputeComplaintScore: '4.8',
  offerExperienceScore: '4.1',
  afterSalesExperienceScore: '4.6',
  consultingExperienceScore: '3.9',
  // Sixteen decimals, as in live bodies.
  repeatPurchasePercent: '0.7111843597329489',
}

/**
 * Prices in fen, the verdict next to the result.
 * https://open.1688.com/api/apidocdetail.htm?id=com.alibaba.linkplus:alibaba.cross.similar.offer.search-1
 */
export function similarPage(listings: readonly Listing[], page: number, pageSize: number) {
  return {
    success: true,
    result: {
      total: listings.length,
      result: listings.slice((page - 1) * pageSize, page * pageSize).map(listing => ({
        offerId: String(listing.id),
        subject: listing.title,
        quantityBegin: listing.moq,
        unit: '件',
        oldPrice: listing.priceFen,
        imageUrl: listing.picture,
        province: listing.province,
        city: listing.city.replace('市', ''),
        supplyAmount: 100,
        categoryId: '1031912',
        detailUrl: `https://detail.1688.com/${listing.id}`,
      })),
    },
  }
}
