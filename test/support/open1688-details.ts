/** Details of the 1688 Open Platform with the documented fields and no other, made from listings. */
import { type Listing, yuan } from './listings.ts'
import { INVOICE, SELLER_SCORES } from './open1688-shapes.ts'

/** Of every listing. */
export const SELLER_OPEN_ID = 'BBB23tsdvcdsjngp3oj4j3i5'

/**
 * A ladder of three steps, two variants, 20 a lot.
 * https://open.1688.com/api/apidocdetail.htm?id=com.alibaba.fenxiao.crossborder:product.search.queryProductDetail-1
 */
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
      detailVideo: `https://cloud.video.taobao.com/play/u/${id}/p/2/e/6/t/1/${id}.mp4`,
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
        priceRangeList: [stepOf(500, priceFen - 200), stepOf(moq, priceFen), stepOf(100, priceFen - 100)],
        foreignCurrencyPrice: yuan(priceFen / 7),
        quoteType: 2,
        consignPrice: yuan(priceFen + 100),
        jxhyPrice: yuan(priceFen - 20),
        unitInfo: { unit: '件', transUnit: 'Piece' },
        fenxiaoSaleInfo: { onePieceFreePostage: true, startQuantity: moq, ...resalePrices(priceFen) },
        retailPrice: yuan(priceFen + 500),
        foreignCurrencyRetailPrice: yuan(priceFen / 6),
      },
      productShippingInfo: {
        sendGoodsAddressText: `${listing.province}省 ${listing.city}`,
        // Null in all live bodies; the variants carry it.
        weight: null,
        width: null,
        height: null,
        length: null,
        skuShippingInfoList: [0, 1].map(index => ({
          specId: `d41d8cd98f00b204e9800998ecf8427${index}`,
          skuId: FIRST_SKU + index,
          width: 12,
          length: 15,
          height: 10,
          weight: 350 + 50 * index,
        })),
        shippingTimeGuarantee: 'shipIn24Hours',
        skuShippingDetails: [0, 1].map(index => ({
          skuId: String(FIRST_SKU + index),
          width: 12,
          length: 15,
          height: 10,
          weight: index === 0 ? 0.35 : 0.4,
          pkgSizeSource: '商家自填',
          officialLength: null,
          officialWidth: null,
          officialHeight: null,
          officialWeight: null,
          aiWeight: 0.37,
          aiWeightAccuracy: '80%',
        })),
        pkgSizeSource: null,
        officialLength: null,
        officialWidth: null,
        officialHeight: null,
        officialWeight: null,
      },
      isJxhy: true,
      sellerOpenId: SELLER_OPEN_ID,
      minOrderQuantity: moq,
      batchNumber: 20,
      status: 'published',
      tagInfoList: [{ key: 'isOnePsale', value: true }],
      traceInfo: `object_id@${id}^object_type@offer`,
      sellerMixSetting: { generalHunpi: true, mixAmount: 100, mixNumber: 2 },
      productCargoNumber: `SL-${id % 1000}`,
      sellerDataInfo: { ...SELLER_SCORES, collect30DayWithin48HPercent: '0.98', qualityRefundWithin30Day: '2' },
      soldOut: '5万+',
      channelPrice: { channelSkuPriceList: [{ skuId: FIRST_SKU, currentPrice: yuan(priceFen - 5) }] },
      promotionModel: { hasPromotion: true, promotionType: 'plus' },
      tradeScore: '5.0',
      topCategoryId: 96,
      secondCategoryId: 1_037_009,
      thirdCategoryId: 1_037_012,
      sellingPoint: ['大容量:一杯够喝一天'],
      offerIdentities: ['超级工厂,实力商家，诚信通'],
      createDate: '2024-05-24 00:00:00',
      isSelect: 'true',
      certificateList: [
        {
          certificateName: '外观专利证书或授权书证书',
          certificateCode: 'ZL 2018 3 0658542.7',
          certificatePhotoList: [listing.picture.replace('.jpg', '-certificate.jpg')],
        },
      ],
      promotionUrl: `https://detail.1688.com/offer/${id}.html?fromkv=refer:5L9Z3683O2iVIvwF`,
      descriptionTrans: 'https://cbu01.alicdn.com/description-en.html',
      productImageTrans: { images: [listing.picture], whiteImage: listing.picture.replace('.jpg', '-white.jpg') },
      companyName: listing.shop,
      invoiceInfo: INVOICE,
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
    jxhyPrice: yuan(priceFen - 20),
    skuId: FIRST_SKU + index,
    specId: `d41d8cd98f00b204e9800998ecf8427${index}`,
    skuAttributes: [
      { ...attribute(3216, '颜色', 'Colour', colour), skuImageUrl: picture, skuImageUrlTrans: picture },
      attribute(450, '尺寸', 'Size', '大'),
    ],
    pfJxhyPrice: yuan(priceFen - 30),
    consignPrice: yuan(priceFen + 100),
    cargoNumber: `SL-2024-${index}`,
    promotionPrice: yuan(priceFen - 10),
    fenxiaoPriceInfo: resalePrices(priceFen),
    foreignCurrencyPrice: yuan(priceFen / 7),
    foreignCurrencyPromotionPrice: yuan((priceFen - 10) / 7),
    retailPrice: yuan(priceFen + 500),
    foreignCurrencyRetailPrice: yuan(priceFen / 6),
  }
}

function resalePrices(priceFen: number) {
  return { onePiecePrice: yuan(priceFen + 300), offerPrice: yuan(priceFen) }
}

function stepOf(startQuantity: number, fen: number) {
  return {
    startQuantity,
    price: yuan(fen),
    promotionPrice: yuan(fen - 10),
    foreignCurrencyPrice: yuan(fen / 7),
    foreignCurrencyPromotionPrice: yuan((fen - 10) / 7),
  }
}
