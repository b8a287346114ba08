/** Answers of the 1688 Open Platform with every documented field, made from listings. */
import { type Listing, yuan } from './listings.ts'

/** The body of `imageQuery` or `keywordQuery`. */
export function queryPage(listings: readonly Listing[], page: number, pageSize: number) {
  return {
    success: true,
    code: '200',
    message: 'success',
    result: {
      totalRecords: listings.length,
      totalPage: Math.ceil(listings.length / pageSize),
      pageSize,
      currentPage: page,
      data: listings.slice((page - 1) * pageSize, page * pageSize).map(queryRow),
      picRegionInfo: {
        currentRegion: '265,597,326,764',
        yoloCropRegion: '265,597,326,764;443,783,154,595',
      },
    },
  }
}

function queryRow(listing: Listing) {
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
    sellerDataInfo: SELLER_SCORES,
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
    companyName: listing.shop,
    companyAddress: `${listing.province}省${listing.city}`,
    offerDataInfo: {
      offerApplauseRate: '98.5%',
      kjFeaturedServices: 'C',
      qualityRfdRate30d: '0%',
      repurchaseRate30d: '33.9%',
      pickupRate24h30d: '98%',
    },
    sales7d: '321',
    productTradeInfo: {
      addCartCount7d: '12',
      payBuyerCount7d: '23',
      addCartCount30d: '34',
      payBuyerCount30d: '45',
    },
    invoiceInfo: {
      supportOnlineInvoice: true,
      supportFastInvoice: false,
      invoiceTypes: ['普票', '专票'],
      taxpayerType: '一般纳税人',
    },
  }
}

const SELLER_SCORES = {
  tradeMedalLevel: '5',
  compositeServiceScore: '4.5',
  logisticsExperienceScore: '4.2',
  disputeComplaintScore: '4.8',
  offerExperienceScore: '4.1',
  afterSalesExperienceScore: '4.6',
  consultingExperienceScore: '3.9',
  repeatPurchasePercent: '0.4666',
  tpYear: 6,
}

/** The body of linkplus: prices in fen, the verdict next to the result. */
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

/** A record of `queryProductDetail`: a ladder of three steps, two variants, 20 a lot. */
export function detailRecord(listing: Listing) {
  const { id, priceFen, moq } = listing
  const second = listing.picture.replace('.jpg', '-b.jpg')
  return {
    success: true,
    code: '200',
    message: '成功',
    result: {
      offerId: id,
      categoryId: 1_037_012,
      categoryName: '日用百货',
      subject: `<font color=red>${listing.title}</font>`,
      subjectTrans: listing.titleEn,
      description: `<div><img src="${listing.picture}"/><img src="${second}"/></div>`,
      mainVideo: `https://cloud.video.taobao.com/play/u/${id}/p/2/e/6/t/2/${id}.mp4`,
      productImage: { images: [listing.picture, second], whiteImage: listing.picture.replace('.jpg', '-white.jpg') },
      productAttribute: ATTRIBUTES.map(([attributeName, attributeNameTrans, value, valueTrans], index) => ({
        attributeId: String(2176 + index),
        attributeName,
        value,
        attributeNameTrans,
        valueTrans,
      })),
      productSkuInfos: ['红色', '蓝色'].map((colour, index) => skuOf(listing, colour, index)),
      productSaleInfo: {
        amountOnSale: 99_999,
        priceRangeList: [
          { startQuantity: 500, price: yuan(priceFen - 200), promotionPrice: yuan(priceFen - 210) },
          { startQuantity: moq, price: yuan(priceFen), promotionPrice: yuan(priceFen - 10) },
          { startQuantity: 100, price: yuan(priceFen - 100), promotionPrice: yuan(priceFen - 110) },
        ],
        quoteType: 2,
        unitInfo: { unit: '件', transUnit: 'Piece' },
        fenxiaoSaleInfo: { onePieceFreePostage: true, startQuantity: moq, ...resalePrices(priceFen) },
      },
      productShippingInfo: {
        sendGoodsAddressText: `${listing.province}省 ${listing.city}`,
        weight: 0.35,
        width: 12,
        height: 10,
        length: 15,
        shippingTimeGuarantee: 'shipIn24Hours',
        skuShippingDetails: [0, 1].map(index => ({
          skuId: String(FIRST_SKU + index),
          weight: 0.35,
          pkgSizeSource: '商家自填',
        })),
      },
      isJxhy: true,
      sellerOpenId: 'BBB23tsdvcdsjngp3oj4j3i5',
      minOrderQuantity: moq,
      batchNumber: 20,
      status: 'published',
      tagInfoList: [{ key: 'isOnePsale', value: true }],
      sellerMixSetting: { generalHunpi: true, mixAmount: 100, mixNumber: 2 },
      productCargoNumber: `SL-${id % 1000}`,
      sellerDataInfo: { ...SELLER_SCORES, collect30DayWithin48HPercent: '0.98' },
      soldOut: '5万+',
      tradeScore: '5.0',
      offerIdentities: ['超级工厂,实力商家，诚信通'],
      createDate: '2024-05-24 00:00:00',
      companyName: listing.shop,
    },
  }
}

const FIRST_SKU = 5_000_000_000_001

const ATTRIBUTES = [
  ['品牌', 'Brand', '示例', 'Sample'],
  ['材质', 'Material', '示例材质', 'Sample material'],
  ['货号', 'Item number', 'SL-2024', 'SL-2024'],
  ['风格', 'Style', '简约', 'Simple'],
] as const

function skuOf({ picture, priceFen }: Listing, colour: string, index: number) {
  const attribute = (attributeId: number, attributeName: string, attributeNameTrans: string, value: string) => ({
    attributeId,
    attributeName,
    attributeNameTrans,
    value,
    valueTrans: attributeNameTrans,
  })
  return {
    amountOnSale: 100 + index,
    price: yuan(priceFen),
    skuId: FIRST_SKU + index,
    specId: `d41d8cd98f00b204e9800998ecf8427${index}`,
    skuAttributes: [
      { ...attribute(3216, '颜色', 'Colour', colour), skuImageUrl: picture },
      attribute(450, '尺寸', 'Size', '大'),
    ],
    cargoNumber: `SL-2024-${index}`,
    promotionPrice: yuan(priceFen - 10),
    fenxiaoPriceInfo: resalePrices(priceFen),
  }
}

function resalePrices(priceFen: number) {
  return { onePiecePrice: yuan(priceFen + 300), offerPrice: yuan(priceFen) }
}
