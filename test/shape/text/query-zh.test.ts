import { expect, it } from 'vitest'
import { queryZh } from '../../../src/shape/text/words/query-zh.ts'

it.each([
  ['picture from the clipboard, 1200 x 900', '剪贴板中的图片, 1200 x 900'],
  ['uploaded picture (34 kB), region 10,10,50,50', '上传的图片 (34 kB)，区域 10,10,50,50'],
  ['2 photos: mug.jpg; picked photo', '2 张照片：mug.jpg; 所选照片'],
  ['picture of offer 10012, "陶瓷杯"', '商品 10012“陶瓷杯”的图片'],
  ['main picture of shop.example, "Mug"', 'shop.example 的主图'],
  ['https://shop.example/mug.jpg', 'https://shop.example/mug.jpg'],
])('%s is named in Chinese documents as %s', (query, zh) => {
  expect(queryZh(query)).toBe(zh)
})
