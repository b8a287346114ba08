/** Words of quote sheets in the languages of buyers and suppliers, with the encodings that have them. */

export type Encoding =
  | 'utf-8'
  | 'utf-8 with mark'
  | 'utf-16le'
  | 'utf-16le with mark'
  | 'utf-16be with mark'
  | 'gb18030'
  | 'big5'
  | 'shift_jis'
  | 'euc-kr'
  | 'windows-1251'
  | 'windows-1252'

/** Words of one language, and the encodings that have them. */
export interface Language {
  encodings: readonly Encoding[]
  title: readonly string[]
  price: readonly string[]
  moq: readonly string[]
  image: readonly string[]
  titles: readonly string[]
  above: readonly string[]
  pieces: readonly string[]
  unknown: readonly string[]
}

export const UNICODE = ['utf-8', 'utf-8 with mark', 'utf-16le', 'utf-16le with mark', 'utf-16be with mark'] as const
export const LANGUAGES: readonly Language[] = [
  {
    encodings: [...UNICODE, 'windows-1252'],
    title: ['title', 'Product Name', 'Item Name', 'Name'],
    price: ['Price', 'Unit Price', 'FOB Price', 'EXW unit price', 'Unit Cost', 'Bulk price'],
    moq: ['MOQ', 'Min. Order', 'Minimum order quantity', 'Min Qty'],
    image: ['image', 'Picture', 'Photo URL', 'Main image'],
    titles: [
      'Café mug "large"',
      'Gobelet à café isotherme',
      'Teller, weiß',
      'Crème brûlée dish; 6 cm',
      'Süßstoff Dose',
    ],
    above: ['Price list 2026', 'Valid until 2026-12-31', 'Quotation No. 1688'],
    pieces: ['pcs', 'pc', 'pieces'],
    unknown: ['TBD', 'n/a', ''],
  },
  {
    encodings: [...UNICODE, 'gb18030'],
    title: ['标题', '产品名称', '品名', '商品名称', '产品名称 Product Name'],
    price: ['价格', '单价', '批发价', '拿货价', '含税单价', '单价 Unit Price', '出厂价'],
    moq: ['起订量', '最小起订量', 'MOQ', '起批量'],
    image: ['图片', '主图', '商品图片', '图片链接', '图片 Photo'],
    titles: ['不锈钢保温杯', '高颜值冰丝防晒口罩女', '陶瓷马克杯，白色', '儿童雨衣“加厚”', '手机支架 10*20cm'],
    above: ['1688采购清单 2026年11月', '报价单', '东阳市远峰服饰厂 电话 0579-12345678'],
    pieces: ['件', '个', 'pcs'],
    unknown: ['面议', '待定', '-'],
  },
  {
    encodings: [...UNICODE, 'big5'],
    title: ['標題', '商品名稱', '產品名稱'],
    price: ['價格', '單價', '批發價'],
    moq: ['起訂量', '最小起訂量'],
    image: ['圖片', '主圖', '圖片連結'],
    titles: ['不鏽鋼保溫杯', '高顏值冰絲防曬口罩女', '陶瓷馬克杯，白色', '兒童雨衣'],
    above: ['採購清單 2026年11月', '報價單'],
    pieces: ['件', '個', 'pcs'],
    unknown: ['面議', '待定'],
  },
  {
    encodings: [...UNICODE, 'shift_jis'],
    title: ['商品名', '品名', 'title'],
    price: ['単価', '価格', 'price'],
    moq: ['最小ロット', 'MOQ'],
    image: ['画像', '写真', 'image'],
    titles: ['日焼け防止マスク', 'ステンレス水筒 500ml', 'キッチン用スポンジ', '折りたたみ傘'],
    above: ['仕入れリスト 2026年11月'],
    pieces: ['個', '枚', 'pcs'],
    unknown: ['応相談', '-'],
  },
  {
    encodings: [...UNICODE, 'euc-kr'],
    title: ['상품명', '제품명', 'title'],
    price: ['가격', '단가', 'price'],
    moq: ['최소주문수량', 'MOQ'],
    image: ['이미지', '사진', 'image'],
    titles: ['자외선 차단 마스크', '스테인리스 보온병', '주방용 수세미', '접이식 우산'],
    above: ['구매 목록 2026년 11월'],
    pieces: ['개', 'pcs'],
    unknown: ['문의', '-'],
  },
  {
    encodings: [...UNICODE, 'windows-1251'],
    title: ['Название', 'Наименование', 'Товар'],
    price: ['Цена', 'Стоимость', 'Оптовая цена'],
    moq: ['Мин. заказ', 'Минимальный заказ'],
    image: ['Фото', 'Изображение', 'Картинка'],
    titles: ['Маска для лица', 'Термос из стали', 'Кружка керамическая', 'Зонт складной'],
    above: ['Прайс-лист 2026', 'Действителен до 31.12.2026'],
    pieces: ['шт', 'шт.'],
    unknown: ['договорная', 'по запросу'],
  },
  {
    encodings: [...UNICODE, 'windows-1252'],
    title: ['Artikel', 'Bezeichnung', 'Producto', 'Nombre del producto', 'Produit', 'Désignation'],
    price: ['Preis', 'Einzelpreis', 'Precio', 'Precio unitario', 'Prix unitaire', 'Stückpreis'],
    moq: ['Mindestbestellmenge', 'Mindestmenge', 'Cantidad mínima', 'Pedido mínimo', 'Quantité minimum'],
    image: ['Bild', 'Foto', 'Imagen', 'Photo'],
    titles: [
      'Thermobecher Größe L',
      'Grüße aus Köln, Tasse',
      'Botella térmica española',
      'Gobelet à café isotherme crème',
      'Müslischüssel',
    ],
    above: ['Preisliste 2026', 'Cotización Nº 12'],
    pieces: ['Stück', 'Stk.', 'uds', 'pcs'],
    unknown: ['auf Anfrage', 'a consultar'],
  },
]
