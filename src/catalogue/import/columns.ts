import { AppError } from '../../errors.ts'
import { quoted } from '../../offers/text.ts'
import { packOfColumn } from './values/pack-cell.ts'
import { currencyIn } from './values/price-cell.ts'

/** `sku` is the user's article number; `place` is a province and city in one cell. */
export type ImportField =
  | 'offer_id'
  | 'link'
  | 'sku'
  | 'title'
  | 'price'
  | 'currency'
  | 'moq'
  | 'unit'
  | 'units_per'
  | 'shop_name'
  | 'province'
  | 'city'
  | 'place'
  | 'image'
  | PhotoField

/** Columns of further pictures. */
export const PHOTO_FIELDS = ['image_2', 'image_3', 'image_4', 'image_5', 'image_6'] as const
type PhotoField = (typeof PHOTO_FIELDS)[number]

export function isPictureField(field: ImportField | null | undefined): boolean {
  return field === 'image' || PHOTO_FIELDS.some(photo => photo === field)
}

/** Column names in English and Chinese, as {@link asName} normalises them. */
const NAMES: ReadonlyArray<readonly [field: ImportField, names: string]> = [
  ['offer_id', 'offerid id 1688id itemid productid 商品id 产品id 宝贝id 货源id 商品编号id 1688商品id 商品編號'],
  [
    'link',
    'link url href listing listingurl producturl offerurl 链接 商品链接 产品链接 宝贝链接 详情链接 1688链接 网址 連結 鏈接 商品連結 產品連結 網址',
  ],
  [
    'sku',
    'sku skucode code itemno itemcode articleno model 货号 商品货号 编码 商品编码 商家编码 款号 型号 貨號 款號 型號',
  ],
  [
    'title',
    'title name product productname producttitle subject 标题 商品标题 产品标题 宝贝标题 名称 商品名称 产品名称 商品名 产品名 品名 宝贝名称 itemname itemtitle offertitle 標題 名稱 商品名稱 產品名稱 品名 название наименование',
  ],
  [
    'price',
    'price unitprice pricecny wholesaleprice cost 价格 单价 批发价 售价 采购价 拿货价 箱价 供货价 价格区间 商品价格 成本价 進價 價格 單價 批發價 售價 unitcost saleprice priceunit цена',
  ],
  ['currency', 'currency currencycode 币种 货币 货币单位 币别 幣種 貨幣'],
  [
    'moq',
    'moq minorder minorderqty minorderquantity minimumorder minimumorderquantity 起批量 起订量 最小起订量 最小起批量 最低起订量 起批数 起订数 起批数量 起订数量 起售量 起订 起批 最少起订 最少起订量 起訂量 起批量 最小起訂量 起訂 минзаказ',
  ],
  ['unit', 'unit uom 单位 计量单位 销售单位 單位'],
  [
    'units_per',
    'unitsper unitspercarton unitsperpack pcsperctn pcspercarton pcsctn pcscarton qtyctn qtypercarton qtycarton packsize 装箱数 装箱量 装箱数量 每箱数量 每箱件数 箱规 入数 箱入数 裝箱數 裝箱量',
  ],
  [
    'shop_name',
    'shop shopname store storename seller supplier suppliername company companyname vendor factory 店铺 店铺名 店铺名称 公司 公司名 公司名称 供应商 供应商名称 商家 商家名称 卖家 厂家 店鋪 店鋪名稱 供應商 廠家 поставщик',
  ],
  ['province', 'province 省 省份 所在省 所在省份'],
  ['city', 'city 市 城市 所在市 所在城市'],
  ['place', 'place location region origin 所在地 地区 发货地 产地 地址 產地 發貨地 город'],
  [
    'image',
    'image imageurl images imagelink imagepath picture pictureurl pic picurl photo photourl img imgurl mainimage 图片 图片链接 图片地址 图片url 图片路径 主图 主图链接 主图地址 主图url 首图 商品图片 产品图片 商品主图 照片 图 宝贝主图 商品图片链接 产品图片链接 productimage productpicture productphoto itemimage itempicture mainimageurl mainpicture thumbnail 圖片 主圖 圖片連結 圖片鏈接 商品圖片 產品圖片 фото изображение',
  ],
  ...PHOTO_FIELDS.map(field => [field, photoNames(field.slice(-1))] as const),
]

/** `image 2`, `picture_url_2`, `图片2` and the like. */
function photoNames(number: string): string {
  const names = 'image imageurl picture pictureurl pic photo photourl img imgurl 图片 主图 照片 图 圖片 主圖 фото'
  return names.replaceAll(/\S+/g, name => `${name}${number}`)
}

export interface ColumnUse {
  column: string
  /** `null` if the name is unknown or another column has the same field. */
  field: ImportField | null
  /** Of a price column whose name says that it is not in CNY. */
  currency?: string
}

/** By {@link asName}: what the user says a column is. */
export type ColumnMapping = ReadonlyMap<string, ImportField>

/** `Unit Cost=price; Pic=image`. @throws AppError `invalid_input`. */
export function parseMapping(text: string): ColumnMapping {
  const entries = text.split(';').filter(part => part.trim() !== '')
  return new Map(
    entries.map(entry => {
      const at = entry.lastIndexOf('=')
      const [column, name] = [
        entry.slice(0, Math.max(0, at)),
        entry
          .slice(at + 1)
          .trim()
          .toLowerCase(),
      ]
      const field = NAMES.find(([known]) => known === name)?.[0]
      if (at > 0 && field !== undefined && asName(column) !== '') return [asName(column), field] as const
      throw new AppError({
        code: 'invalid_input',
        message: `${quoted(entry)} does not say which column is which field.`,
        hint: `Write COLUMN=FIELD, several separated by semicolons; the fields are ${NAMES.map(([known]) => known).join(', ')}.`,
      })
    }),
  )
}

/**
 * Maps columns by name, ignoring case, spaces, punctuation and anything in brackets (`价格（元）`). Of two price columns,
 * the one for a piece counts, and the one in CNY; of two of pictures the one with addresses, since pictures that lie in the other are found in any
 * column.
 */
export function mapColumns(columns: readonly string[], mapping: ColumnMapping = new Map()): ColumnUse[] {
  const fieldOfName = new Map(NAMES.flatMap(([field, names]) => names.split(' ').map(name => [name, field] as const)))
  const named = new Set(mapping.values())
  const wishes = columns.map(column => {
    const given = mapping.get(asName(column))
    const field = given ?? fieldOfName.get(asName(column)) ?? priceForUnit(column, fieldOfName)
    const currency = field === 'price' ? currencyIn(column) : null
    const isTaken = given === undefined && field !== undefined && named.has(field)
    return { column, field: isTaken ? undefined : field, currency }
  })
  const isForPack = (column: string): boolean => packOfColumn(column) !== null
  const hasPiece = wishes.some(({ field, column }) => field === 'price' && !isForPack(column))
  const hasCny = wishes.some(({ field, currency }) => field === 'price' && currency === null)
  const hasAddresses = wishes.some(({ field, column }) => field === 'image' && namesAddresses(column))
  const taken = new Set<ImportField>()
  return wishes.map(({ column, field, currency }) => {
    const isSecond =
      (field === 'price' && hasPiece && isForPack(column)) ||
      (currency !== null && hasCny) ||
      (field === 'image' && hasAddresses && !namesAddresses(column) && !mapping.has(asName(column)))
    if (field === undefined || taken.has(field) || isSecond) return { column, field: null }
    taken.add(field)
    return { column, field, ...(currency !== null && { currency }) }
  })
}

/** `Price per carton`, `单价/箱`. */
function priceForUnit(column: string, fieldOfName: ReadonlyMap<string, ImportField>): ImportField | undefined {
  const [name = ''] = column.normalize('NFKC').split(/\/|\bper\b|每/i)
  return fieldOfName.get(asName(name)) === 'price' ? 'price' : undefined
}

function namesAddresses(column: string): boolean {
  return /url|link|链接|地址|連結|鏈接|网址/i.test(column)
}

function asName(column: string): string {
  return column
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/\(.*?\)|\[.*?\]|【.*?】/g, '')
    .replaceAll(/[\s\p{P}\p{S}]/gu, '')
}
