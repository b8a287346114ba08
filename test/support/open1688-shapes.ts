/** Owns the shapes in which the official 1688 platform answers, made from listings. */
import { type Listing, yuan } from './listings.ts'

/** A page of `imageQuery` or `keywordQuery`. */
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
    },
  }
}

function queryRow(listing: Listing) {
  return {
    imageUrl: listing.picture,
    subject: listing.title,
    subjectTrans: listing.titleEn,
    priceInfo: { price: yuan(listing.priceFen), promotionPrice: yuan(listing.priceFen - 10) },
    offerId: listing.id,
    repurchaseRate: '13%',
    monthSold: 1234,
    isOnePsale: true,
    sellerIdentities: ['super_factory', 'tp_member'],
    tradeScore: '5.0',
    minOrderQuantity: listing.moq,
    companyName: listing.shop,
    companyAddress: `${listing.province}省${listing.city}`,
  }
}

/** A page of linkplus: prices in fen, the verdict beside the result. */
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
        detailUrl: `https://detail.1688.com/${listing.id}`,
      })),
    },
  }
}

/** A record of `queryProductDetail`: a ladder of three steps, two variants, 20 a lot. */
export function detailRecord(listing: Listing) {
  const { priceFen } = listing
  return {
    success: true,
    code: '200',
    message: '成功',
    result: {
      offerId: listing.id,
      subject: `<font color=red>${listing.title}</font>`,
      subjectTrans: listing.titleEn,
      productImage: { images: [listing.picture, listing.picture.replace('.jpg', '-b.jpg')] },
      productSkuInfos: ['红色', '蓝色'].map((colour, index) => ({
        amountOnSale: 100 + index,
        price: yuan(priceFen),
        skuId: 5_000_000_000_001 + index,
        skuAttributes: [
          { attributeName: '颜色', value: colour },
          { attributeName: '尺寸', value: '大' },
        ],
      })),
      productSaleInfo: {
        amountOnSale: 99_999,
        priceRangeList: [
          { startQuantity: 500, price: yuan(priceFen - 200) },
          { startQuantity: listing.moq, price: yuan(priceFen), promotionPrice: yuan(priceFen - 10) },
          { startQuantity: 100, price: yuan(priceFen - 100) },
        ],
        unitInfo: { unit: '件', transUnit: 'Piece' },
      },
      productShippingInfo: { sendGoodsAddressText: `${listing.province}省 ${listing.city}`, weight: 0.35 },
      minOrderQuantity: listing.moq,
      batchNumber: 20,
      status: 'published',
      sellerMixSetting: { generalHunpi: true, mixAmount: 100, mixNumber: 2 },
      sellerDataInfo: { repeatPurchasePercent: '0.4666' },
      soldOut: '5万+',
      offerIdentities: ['超级工厂,实力商家，诚信通'],
      companyName: listing.shop,
    },
  }
}
