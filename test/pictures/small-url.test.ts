import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { smallPictureUrl } from '../../src/pictures/small-url.ts'

const small = (url: string) => smallPictureUrl(new URL(url)).href

describe('the small copy of a 1688 photo', () => {
  it.each([
    [
      'https://cbu01.alicdn.com/img/ibank/O1CN01a_!!2208-0-cib.jpg',
      'https://cbu01.alicdn.com/img/ibank/O1CN01a_!!2208-0-cib.220x220.jpg',
    ],
    [
      'https://cbu01.alicdn.com/O1CN01a_!!2208-0-cib.jpg?__r__=1#x',
      'https://cbu01.alicdn.com/O1CN01a_!!2208-0-cib.220x220.jpg?__r__=1#x',
    ],
    [
      'http://cbu01.alicdn.com/img/ibank/2019/11/11111_1234.JPG',
      'http://cbu01.alicdn.com/img/ibank/2019/11/11111_1234.220x220.JPG',
    ],
    ['https://img.alicdn.com/a/b.png', 'https://img.alicdn.com/a/b.220x220.png'],
    ['https://img.alicdn.com/a/b.webp', 'https://img.alicdn.com/a/b.220x220.webp'],
    ['https://img.alicdn.com/a/b.jpeg', 'https://img.alicdn.com/a/b.220x220.jpeg'],
  ])('of %s is %s', (original, expected) => expect(small(original)).toBe(expected))

  it.each([
    'https://cbu01.alicdn.com/img/ibank/a.220x220.jpg',
    'https://cbu01.alicdn.com/img/ibank/a.310x310.jpg',
    'https://cbu01.alicdn.com/img/ibank/a.search.jpg',
    'https://cbu01.alicdn.com/img/ibank/a.summ.jpg',
    'https://img.alicdn.com/a.jpg_500x500.jpg',
    'https://img.alicdn.com/a.jpg_500x500q90.jpg_.webp',
    'https://img.alicdn.com/a.jpg_.webp',
    'https://img.alicdn.com/a.gif',
    'https://img.alicdn.com/a',
    'https://img.alicdn.com/',
    'https://alicdn.com/a.jpg',
    'https://cbu01.alicdn.com.evil.com/a.jpg',
    'https://evilalicdn.com/a.jpg',
    'https://example.com/a.jpg',
  ])('is %s itself', url => expect(small(url)).toBe(url))

  const piece = fc.oneof(
    fc.constantFrom(
      '.220x220',
      '.search',
      '.jpg',
      '.png',
      '.webp',
      '_500x500',
      '_',
      '.',
      '/',
      '%2F',
      'x',
      'O1CN01',
      '!!',
      '-cib',
      '1',
    ),
    fc.webPath(),
  )
  const url = fc
    .tuple(
      fc.constantFrom(
        'https://cbu01.alicdn.com/',
        'http://img.alicdn.com/',
        'https://a.alicdn.com:8443/',
        'https://example.com/',
      ),
      fc.array(piece, { maxLength: 6 }).map(pieces => pieces.join('')),
      fc.constantFrom('', '.jpg', '.png', '.webp', '.gif', '.310x310.jpg', '.jpg_.webp'),
      fc.constantFrom('', '?a=b.jpg', '#c.jpg'),
    )
    .map(parts => new URL(parts.join('')))
    // Node's parser keeps `/./` after a segment that begins with a dot, but removes it when the path is set again.
    .filter(({ pathname }) => !/\/\.{1,2}(\/|$)/.test(pathname))

  it('is its own small copy and differs only in size', () => {
    fc.assert(
      fc.property(url, original => {
        const before = original.href
        const once = smallPictureUrl(original)
        expect(smallPictureUrl(once).href).toBe(once.href)
        expect(original.href).toBe(before)
        if (once !== original) expect(once.href.replace(/\.220x220(?=\.[a-z]+([?#]|$))/i, '')).toBe(before)
      }),
      { numRuns: 1000 },
    )
  })
})
