/** The names of columns that are known: English, Chinese, and the languages of buyers. */

import leven from 'leven'
import type { Cell } from '../../../sheets/read/table.ts'

/** `sku` is the user's article number; `place` is a province and city in one cell. */
export type ImportField =
  | 'offer_id'
  | 'link'
  | 'sku'
  | 'title'
  | 'price'
  | 'currency'
  | 'moq'
  | 'moq_unit'
  | 'unit'
  | 'units_per'
  | 'shop_name'
  | 'province'
  | 'city'
  | 'place'
  | 'discount'
  | 'image'
  | PhotoField

/** Columns of further pictures. */
export const PHOTO_FIELDS = ['image_2', 'image_3', 'image_4', 'image_5', 'image_6'] as const
type PhotoField = (typeof PHOTO_FIELDS)[number]

export function isPictureField(field: ImportField | null | undefined): boolean {
  return field === 'image' || PHOTO_FIELDS.some(photo => photo === field)
}

/** As {@link asName} normalises them. */
const NAMES: ReadonlyArray<readonly [field: ImportField, names: string]> = [
  [
    'offer_id',
    'offerid id 1688id itemid productid 商品id 产品id 宝贝id 货源id 商品编号id 1688商品id 商品編號 offernumber ' +
      '1688offerid 1688編號 1688编号 商品編號id',
  ],
  [
    'link',
    'link url href listing listingurl producturl offerurl 链接 商品链接 产品链接 宝贝链接 详情链接 1688链接 网址 連結 鏈接 ' +
      '商品連結 產品連結 網址 1688url 1688link productlink supplierlink sourcelink offerlink purchaselink 购买链接 ' +
      '采购链接 货源链接 1688网址 链接地址 网页链接 商品网址 enlace lien lienproduit ссылка liênkết 링크 リンク lienurl ' +
      'website weblink webpage productpage hyperlink 商品鏈接 產品鏈接 vínculo collegamento bağlantı linki odnośnik detailurl ลิงก์ رابط קישור tautan',
  ],
  [
    'sku',
    'sku skucode code itemno itemcode articleno model 货号 商品货号 编码 商品编码 商家编码 款号 型号 貨號 款號 型號 itemnumber ' +
      'item productcode partno partnumber modelno modelnumber styleno styleid articlenumber itemsku ' +
      'productno 产品编码 产品编号 货品编号 产品型号 产品货号 商品型号 货品编码 商品代码 artikelnummer artikelnr artnr référence ref ' +
      'reference código codigo артикул ürünkodu mã mãsp mãhàng mãsảnphẩm 품번 상품코드 品番 商品コード ' +
      'refno itemref 编号 料号 編號 產品編號 产品代码 bestellnummer réf referencia codice codart referência код модель ' +
      'арт stokkodu kod indeks 모델명 모델 품목코드 코드 型番',
  ],
  [
    'title',
    'title name product productname producttitle subject 标题 商品标题 产品标题 宝贝标题 名称 商品名称 产品名称 商品名 产品名 品名 ' +
      '宝贝名称 itemname itemtitle offertitle 標題 名稱 商品名稱 產品名稱 название наименование nameofproduct ' +
      'nameofgoods goods goodsname itemdescription productdescription articlename 货品名称 货名 物品名称 商品 产品 ' +
      '货品 品名规格 中文品名 英文品名 商品描述 产品描述 品名及规格 artikel artikelname artikelbezeichnung produkt produktname ' +
      'produktbezeichnung bezeichnung producto nombre nombredelproducto nombredeproducto ' +
      'nombreproducto artículo articulo nome tên produit nomduproduit désignation designation prodotto ' +
      'nomeprodotto articolo produto nomedoproduto ürün ürünadı urunadi товар наименованиетовара ' +
      'названиетовара продукт tênsảnphẩm sảnphẩm tênhàng tênhànghóa 상품명 제품명 품명 製品名 nazwa nazwaproduktu ' +
      'commodity commodityname articledescription productdesc itemdesc productnamedescription ' +
      'namedescription goodsdescription descriptionofgoods 货物名称 物料名称 商品全称 产品品名 中文名称 中文名 产品中文名 產品名 貨品名稱 貨物名稱 ' +
      'warenbezeichnung libellé intitulé denominazione номенклатура malzemeadı nazwatowaru 품목 품목명 제품 アイテム名 ' +
      'naam artikelnaam varunamn produktnamn productnaam produktnavn omschrijving název názevproduktu nom skuname ' +
      'modelname stylename listingtitle merchandise 상품이름 tuotenimi όνομαπροϊόντος שםהמוצר اسمالمنتج ชื่อสินค้า ' +
      'namaproduk namabarang terméknév terméknéve denumireprodus назватовару उत्पादकानाम mặthàng ürünismi',
  ],
  [
    'price',
    'price unitprice pricecny wholesaleprice cost 价格 单价 批发价 售价 采购价 拿货价 箱价 供货价 价格区间 商品价格 成本价 進價 價格 單價 ' +
      '批發價 售價 unitcost saleprice priceunit цена bulkprice massprice factoryprice exfactoryprice ' +
      'quotation quote quotedprice offerprice supplierprice purchaseprice buyingprice netprice ' +
      'discountedprice newprice currentprice itemprice productprice priceperpiece priceeach 报价 報價 大货价 ' +
      '大货单价 批量价 出厂价 现价 新价 最新价 优惠价 折后价 净价 采购单价 供货单价 商品单价 产品单价 产品价格 单件价格 单个价格 供貨價 出廠價 preis stückpreis ' +
      'einzelpreis einkaufspreis nettopreis precio preciounitario costo costounitario prix ' +
      'prixunitaire prezzo prezzounitario preço preçounitário preco fiyat birimfiyat birimfiyatı ' +
      'стоимость оптоваяцена ценазаштуку giá đơngiá giábán giásỉ 가격 단가 공급가 価格 単価 卸価格 仕入価格 cena ' +
      'cenajednostkowa 价 價 批发单价 批發單價 ekpreis ek preçounit precounit preciounit prixunit prezzounit ' +
      'exworksprice costprice 成本 结算价 結算價 結算价 vk pu prixdachat punitario precioneto valorunitário ' +
      'valorunitario ценазакупки закупочнаяцена alışfiyatı maliyet cenahurtowa cenazakupu giánhập 도매가 매입가 ' +
      '仕入単価 prijs inkoopprijs stukprijs pris pricerange moqprice 进价 进货价 到手价 採購價 成本價 공급단가 도매가격 卸値 原価 опт ' +
      'закупка ціна hinta τιμή τιμήμονάδας מחיר السعر سعرالوحدة ราคา ราคาต่อหน่วย harga hargasatuan egységár preț ' +
      'preţ prețunitar preţunitar कीमत dealprice',
  ],
  [
    'currency',
    'currency currencycode 币种 货币 货币单位 币别 幣種 貨幣 währung moneda devise valuta parabirimi валюта tiềntệ ' +
      '통화 通貨 报价币种 curr cur ccy pricecurrency 结算币种 计价币种 結算幣種 ' +
      '幣別 divisa döviz loạitiền munteenheid',
  ],
  [
    'moq',
    'moq minorder minorderqty minorderquantity minimumorder minimumorderquantity 起批量 起订量 最小起订量 最小起批量 ' +
      '最低起订量 起批数 起订数 起批数量 起订数量 起售量 起订 起批 最少起订 最少起订量 起訂量 最小起訂量 起訂 минзаказ minqty minquantity ' +
      'minimumqty minimumquantity minimumorderqty 起定量 最小订量 最小订购量 最低订购量 最少订量 订购起量 ' +
      'mindestmenge mindestbestellmenge mindestabnahme pedidomínimo pedidominimo cantidadmínima ' +
      'cantidadminima quantitéminimum quantitéminimale qtémin quantitàminima quantidademínima ' +
      'minsipariş minimumsipariş minsiparişadedi минимальныйзаказ минпартия минимальнаяпартия минколво ' +
      'sốlượngtốithiểu đặttốithiểu 최소주문수량 최소수량 최소주문 最小注文数 最小ロット 最低発注数 最小発注数 minzamówienie ' +
      'minimum moqqty 最小订单量 最小订货量 最低订量 最低訂購量 最小訂購量 mbm minbestellmenge minimumdecommande qtémini ' +
      'quantitémini cantidadmínimadepedido ordineminimo quantitàminimaordine lottominimo ' +
      'минимальноеколичество минимальныйобъемзаказа минимальныйобъёмзаказа моq minimumsiparişmiktarı ' +
      'minsiparişmiktarı minimalnezamówienie minimalnailość minimumlogistyczne đặthàngtốithiểu sltốithiểu ' +
      '최소주문량 最低注文数 最低注文数量 最小注文数量 最低発注数量 最小発注数量 最低ロット 起售数量 最小起订 最低起批量 minadet commandeminimum minimaleafname minstabeställning qtdmínima qtdminima qtàmin cantmínima cantminima cantmín',
  ],
  [
    'moq_unit',
    'moqunit moquom unitofmoq minorderunit minimumorderunit 起订单位 起订量单位 起批单位 最小起订量单位 起訂量單位 mindestmengeneinheit',
  ],
  [
    'unit',
    'unit uom unitofprice 计价单位 价格单位 单价单位 单位 计量单位 销售单位 單位 einheit unidad unité birim ед едизм единица đơnvị đvt 단위 単位 ' +
      'unitofmeasure measure ' +
      'um mengeneinheit unità единицаизмерения jednostka jm đơnvịtính eenheid per preiseinheit',
  ],
  [
    'units_per',
    'unitsper unitspercarton unitsperpack pcsperctn pcspercarton pcsctn pcscarton qtyctn ' +
      'qtypercarton qtycarton packsize 装箱数 装箱量 装箱数量 每箱数量 每箱件数 箱规 入数 箱入数 裝箱數 裝箱量 pcsbox pcspercase ' +
      'unitspercase ctnqty cartonqty packingqty packqty outerqty qtybox piecespercarton piecescarton ' +
      'quantitypercarton unitscarton 件箱 个箱 每箱数 每箱 装箱 裝箱數量 箱裝數 vpe stückprokarton unidadesporcaja ' +
      'piècesparcarton квкоробке штвкоробке slthùng koliiçiadet ' +
      '每箱装数 入數 每箱數量 verpackungseinheit colisage колвовкоробке штуквкоробке koliiçi koliadedi ilośćwkartonie ' +
      'sztukwkartonie 입수 박스당수량 카톤당수량 박스입수 입수량 casepack percarton unitésparcarton шткор',
  ],
  [
    'shop_name',
    'shop shopname store storename seller supplier suppliername company companyname vendor factory ' +
      '店铺 店铺名 店铺名称 公司 公司名 公司名称 供应商 供应商名称 商家 商家名称 卖家 厂家 店鋪 店鋪名稱 供應商 廠家 поставщик suppliershop ' +
      'shopsupplier manufacturer 制造商 生产厂家 工厂 工廠 卖家名称 供货商 lieferant hersteller proveedor fournisseur ' +
      'fabricante fornitore fornecedor tedarikçi satıcı продавец производитель nhàcungcấp 공급업체 仕入先 ' +
      'メーカー ' +
      'vendorname 生产商 厂商 廠商 公司名稱 firma lieferantenname société usine empresa produttore azienda компания ' +
      'фабрика магазин üretici dostawca producent sprzedawca nhàsảnxuất xưởng cửahàng 공급사 제조사 업체명 판매자 ' +
      'サプライヤー 店舗名 供給元 leverancier leverantör leverandør toimittaja προμηθευτής ספק ' +
      'المورد ผู้ขาย pemasok szállító furnizor постачальник dodavatel 供給先 工場',
  ],
  ['province', 'province 省 省份 所在省 所在省份'],
  ['city', 'city 市 城市 所在市 所在城市'],
  ['place', 'place location region origin 所在地 地区 发货地 产地 地址 產地 發貨地 город countryoforigin'],
  ['discount', 'discount 折扣 优惠 折扣率 rabatt descuento remise sconto desconto indirim скидка 할인'],
  [
    'image',
    'image imageurl images imagelink imagepath picture pictureurl pic picurl photo photourl img ' +
      'imgurl mainimage 图片 图片链接 图片地址 图片url 图片路径 主图 主图链接 主图地址 主图url 首图 商品图片 产品图片 商品主图 照片 图 宝贝主图 商品图片链接 ' +
      '产品图片链接 productimage productpicture productphoto itemimage itempicture mainimageurl mainpicture ' +
      'thumbnail 圖片 主圖 圖片連結 圖片鏈接 商品圖片 產品圖片 фото изображение productimages itemphoto productpic pics ' +
      'photos imagesrc 产品照片 样图 实物图 缩略图 效果图 产品图 商品图 款式图 产品图示 图示 圖示 產品圖 商品圖 bild produktbild foto fotos ' +
      'imagen imágenes immagine imagem resim görsel fotoğraf картинка hình hìnhảnh ảnh 이미지 사진 画像 写真 ' +
      '商品画像 zdjęcie ' +
      'photolink picturelink photograph 实物图片 样品图 图样 abbildung bilder produktfoto visuel fotografía ' +
      'fotografia фотография фотографии zdjęcia obraz resmi 画像url afbeelding bildurl 封面图 kuva εικόνα תמונה صورة รูป ' +
      'รูปภาพ gambar kép imagine зображення obrázek चित्र',
  ],
  ...PHOTO_FIELDS.map(field => [field, photoNames(field.slice(-1))] as const),
]

export const FIELD_NAMES = NAMES.map(([field]) => field)
const FIELD_OF_NAME = new Map([
  ...NAMES.flatMap(([field, names]) => names.split(' ').map(name => [name, field] as const)),
  ...photoNames('1')
    .split(' ')
    .map(name => [name, 'image'] as const),
])
const LETTERS = /^[a-z]+$/
/** Names of other columns, one letter away from a known one. Units may be how many there are. */
const OTHER_WORDS = new Set('stone score shore factor photon modes prime pride units costs'.split(' '))
/** In headers; titles are mostly longer. */
const MAX_NAME_CHARS = 30
/** A mistyped name has at least so many letters, fewer are other words. */
const MIN_MISTYPED = 5

/** `image 2`, `picture_url_2`, `图片2` and the like. */
function photoNames(number: string): string {
  const names = 'image imageurl picture pictureurl pic photo photourl img imgurl 图片 主图 照片 图 圖片 主圖 фото'
  return names.replaceAll(/\S+/g, name => `${name}${number}`)
}

/** The field whose name it is, letter by letter. */
export function exactField(name: string): ImportField | undefined {
  return FIELD_OF_NAME.get(name)
}

/** The field whose name it is, or with one letter mistyped; names with digits are not guessed. */
export function fieldNamed(name: string): ImportField | undefined {
  const known = FIELD_OF_NAME.get(name)
  if (known !== undefined || name.length < MIN_MISTYPED || !LETTERS.test(name) || OTHER_WORDS.has(name)) return known
  for (const [each, field] of FIELD_OF_NAME) {
    const isSimilar = each.length >= MIN_MISTYPED && Math.abs(each.length - name.length) < 2 && LETTERS.test(each)
    if (isSimilar && isMistyped(name, each)) return field
  }
  return undefined
}

function isMistyped(name: string, known: string): boolean {
  const distance = leven(name, known)
  return distance === 1 || (distance === 2 && [...name].sort().join('') === [...known].sort().join(''))
}

/** Whether a cell holds the name of the column of titles, as it stands in headers. Cheap, since each row is asked. */
export function mayBeHeader(cells: readonly Cell[]): boolean {
  return cells.some(
    ({ value }) =>
      typeof value === 'string' && value.length <= MAX_NAME_CHARS && FIELD_OF_NAME.get(asName(value)) === 'title',
  )
}

/** Without case, spaces, punctuation and anything in brackets. */
export function asName(column: string): string {
  return column
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/\(.*?\)|\[.*?\]|【.*?】/g, '')
    .replaceAll(/[\s\p{P}\p{S}]/gu, '')
}
