import { describe, expect, it } from 'vitest'
import { createPictureReader } from '../../src/pictures/reader.ts'
import { parseReference } from '../../src/pictures/reference/reference.ts'

describe('an offer', () => {
  it.each([
    '791912182230',
    '10203',
    '"791912182230"',
    '`791912182230`',
    'offer 791912182230',
    'offer_id: 791912182230',
    'ID: 791912182230',
    'mcp-1688://offers/791912182230',
    '{"offer_id": "791912182230", "title": "a mug"}',
    'https://detail.1688.com/offer/791912182230.html',
    'detail.1688.com/offer/791912182230.html?spm=a2615.7691456',
    '//detail.1688.com/offer/791912182230.html',
    '<https://m.1688.com/offer/791912182230.html>',
    '[a mug](https://detail.1688.com/offer/791912182230.html)',
    'https://detail.1688.com/offer/791912182230.html 不锈钢保温杯 ¥12.80',
    'https://m.1688.com/page/index.html?offerId=791912182230',
    'https%3A%2F%2Fdetail.1688.com%2Foffer%2F791912182230.html',
    'https://agent.example.com/buy?url=https%3A%2F%2Fdetail.1688.com%2Foffer%2F791912182230.html',
    'wireless1688://ma.m.1688.com/plugin?offerId=791912182230',
  ])('is recognised in %j', text => {
    const id = text === '10203' ? text : '791912182230'
    expect(parseReference(text)).toEqual({ kind: 'offer', offerId: id })
  })

  it.each([
    ['https://cbu01.alicdn.com/img/ibank/791912182230.jpg', 'address'],
    ['https://cbu01.alicdn.com/img/ibank/791912182230_!!1-0-cib.jpg_.webp', 'address'],
    ['https://img.1688.com/offer/791912182230.jpg', 'address'],
    ['https://proxy.example.com/?url=https://detail.1688.com/offer/791912182230.jpg', 'address'],
    ['https://shop.example.com/products/791912182230', 'address'],
    ['https://shop1688.1688.com/page/index.html', 'address'],
    ['https://s.1688.com/youyuan/index.htm?tab=imageSearch&imageId=1', 'address'],
    ['/home/me/1688/791912182230', 'file'],
    ['791912182230.jpg', 'file'],
    ['~/1688-791912182230.png', 'file'],
  ])('is not read into %j', (text, kind) => expect(parseReference(text).kind).toBe(kind))

  it.each([
    ['https://qr.1688.com/s/abc123', 'This is a short or advertising link of 1688, which carries no offer ID.'],
    ['1234', '"1234" does not refer to a picture.'],
    ['012345678', '"012345678" does not refer to a picture.'],
  ])('is explained where it cannot be: %s', (text, message) =>
    expect(() => parseReference(text)).toThrow(expect.objectContaining({ code: 'invalid_input', message })),
  )

  it('is not a picture by itself', () => {
    const { read } = createPictureReader({ sampleDir: '/nowhere', allowFiles: true })
    return expect(read('791912182230')).rejects.toMatchObject({ code: 'invalid_input' })
  })
})
