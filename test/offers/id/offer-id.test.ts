import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppError } from '../../../src/errors.ts'
import { isOfferId, listingUrl, parseOfferId } from '../../../src/offers/id/offer-id.ts'

const ID = '791912182230'

describe('parseOfferId', () => {
  it.each([
    ID,
    `  ${ID}\n`,
    `https://detail.1688.com/offer/${ID}.html`,
    `https://detail.1688.com/offer/${ID}.html?spm=a26352.1#top`,
    `http://detail.1688.com/offer/${ID}`,
    `detail.1688.com/offer/${ID}.html`,
    `https://m.1688.com/offer/${ID}.htm`,
    `http://m.1688.com/offer/${ID}.html`,
    `https://detail.1688.com/?offerId=${ID}`,
    `http://detail.m.1688.com/page/index.htm?offerId=${ID}&sk=x`,
    `【好货推荐】冰丝口罩 https://detail.1688.com/offer/${ID}.html点击打开链接`,
    `７９１９１２１８２２３０`,
    `٧٩١٩١٢١٨٢٢٣٠`,
    `791,912,182,230`,
    `791 912 182 230`,
    `7.91912182230E+11`,
    `https://detail-1688-com.translate.goog/offer/${ID}.html?_x_tr_sl=zh`,
    `\u200b791912\u200d182230\u200b`,
    `https://detail.1688.com/offer/${ID}.html，质量很好！`,
    `（https://detail.1688.com/offer/${ID}.html）快来`,
    `Look: https://detail.1688.com/offer/${ID}.html.`,
    `https://m.1688.com/?offerId=${ID}；多买优惠`,
    `HTTPS://DETAIL.1688.COM/OFFER/${ID}.HTML`,
    `看看 https://detail.1688.com/offer/${ID}.html 和 m.1688.com/offer/${ID}.htm`,
    `#${ID}`,
    `"${ID}"`,
    `ID: ${ID}`,
    `商品编号：${ID}`,
    `offer ${ID}`,
    `${ID}.html`,
    `1688-${ID}`,
    `please compare ${ID} at 500 pieces`,
    `http://detail.1688.com/buyer/offerdetail/${ID}.html?spm=a26286.8251493.0.0.YN9B6y`,
    `http://detail.1688.com/page/offerdetail_${ID}.html?tracelog=p4p`,
    `https://www.1688.com/xxx.html?id=${ID}&foo=bar`,
    `https://detail.m.1688.com/page/index.html?offerid=${ID}`,
    `https://detail.m.1688.com/page/index.html?a=1&amp;offerId=${ID}`,
    `https://detail.1688.com/pic/${ID}.html`,
    `"url":"https:\\/\\/detail.1688.com\\/offer\\/${ID}.html"`,
    `https://agent.example/buy?url=https%3A%2F%2Fdetail.1688.com%2Foffer%2F${ID}.html&lang=en`,
    `https://agent.example/buy?url=https%253A%252F%252Fdetail.1688.com%252Foffer%252F${ID}.html`,
    `https://agent.example/buy?url=https://m.1688.com/?offerId=${ID}`,
    `https://agent.example/item-1688-${ID}.html`,
    `https://agent.example/product/1688/${ID}?ref=x`,
    `https://agent.example/item/details?source=1688&id=${ID}`,
    `https://agent.example/product?id=${ID}&source=AL`,
    `https://agent.example/product/?shop_type=ali_1688&id=${ID}`,
    `https://agent.example/1688/detail?itemId=${ID}`,
    `https://global.1688.com/product/${ID}.html`,
    `wireless1688://ma.m.1688.com/plugin?url=x&offerId=${ID}`,
    `{"offerId": "${ID}", "link": "https://detail.1688.com/offer/${ID}.html"}`,
  ])('reads %j', text => {
    expect(parseOfferId(text)).toBe(ID)
  })

  it.each([
    ['', 'empty'],
    ['abc', '"abc" is not a valid offer ID'],
    ['0791912182230', 'is not a valid offer ID'],
    [`https://agent.example/product?id=${ID}&source=taobao`, 'a site other than 1688.com'],
    ['1234', 'is not a valid offer ID'],
    ['7.91912E+11', 'that a spreadsheet shortened'],
    ['791912182230X', '"791912182230X" is not a valid offer ID: expected 5 to 19 digits'],
    [`${ID} or 600000000001`, `2 different offers: ${ID}, 600000000001`],
    [`ID: ${ID}, ID: 600000000001`, '2 different offers'],
    [`https://1688.com.evil.com/offer/${ID}.html`, 'other than 1688.com'],
    [`https://evil1688.com/offer/${ID}.html`, 'other than 1688.com'],
    [`https://evil.com/offer/${ID}.html`, 'other than 1688.com'],
    [`https://detail.1688.com\u200b.evil.com/offer/${ID}.html`, 'other than 1688.com'],
    [`https://detail.1688.com@evil.com/offer/${ID}.html`, 'does not point to an offer'],
    ['https://qr.1688.com/s/AbCd', 'short or advertising link'],
    [`https://dj.1688.com/ci_bb?offerId=${ID}`, 'short or advertising link'],
    ['https://www.1688.com/', 'does not point to an offer'],
    [`m.1688.com/offer/${ID}.htm m.1688.com/offer/600000000001.htm`, '2 different offers'],
  ])('refuses %j', (text, why) => {
    expect(() => parseOfferId(text)).toThrow(AppError)
    expect(() => parseOfferId(text)).toThrow(why)
  })

  it('reads its own links back, and never throws anything but an AppError', () => {
    const id = fc.stringMatching(/^[1-9]\d{4,18}$/)
    fc.assert(fc.property(id, value => isOfferId(value) && parseOfferId(listingUrl(value)) === value))
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), text => {
        try {
          return isOfferId(parseOfferId(text))
        } catch (error) {
          return error instanceof AppError
        }
      }),
    )
  })
})
