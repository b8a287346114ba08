/** Rows of the stand-in's index: invented offers with the API's field names and titles of realistic length. */
import type { IndexRow } from './parse-shapes.ts'

/** Offers use `pictureUrls` in turn. */
export function makeIndexRows(count: number, pictureUrls: readonly string[]): IndexRow[] {
  const places = ['金华市', '广州市', '泉州市', '义乌市', '上海市']
  return Array.from({ length: count }, (_, index) => ({
    offer_id: String(7_000_000_001 + index),
    title: `测试防晒口罩${index + 1}号女夏季薄款冰丝透气护眼角面罩户外骑行防紫外线`,
    price:
      index % 3 === 0
        ? `${(2 + index / 100).toFixed(2)}-${(5 + index / 100).toFixed(2)}`
        : (2 + index / 100).toFixed(2),
    image_url: pictureUrls[index % pictureUrls.length] ?? '',
    shop_name: `示例${index % 7}号服饰厂`,
    city: places[index % places.length] ?? '',
  }))
}
