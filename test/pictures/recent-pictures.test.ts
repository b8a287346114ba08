import { expect, it } from 'vitest'
import type { Picture } from '../../src/pictures/reader.ts'
import {
  createRecentPictures,
  MAX_RECENT,
  MAX_RECENT_BYTES,
  RECENT_TTL_MS,
} from '../../src/pictures/recent-pictures.ts'

const picture = (sha256: string, bytes = 10): Picture => ({
  bytes: new Uint8Array(bytes),
  sha256,
  label: sha256,
  url: null,
})

function setUp() {
  let time = 1_000
  const recentOf = createRecentPictures(() => time)
  const wait = (ms: number) => {
    time += ms
  }
  return { recentOf, wait, recent: recentOf('ana') }
}

it('keeps a picture by the words of its caller for half an hour', () => {
  const { recentOf, recent, wait } = setUp()
  recent.keep('clipboard', picture('a'))
  wait(RECENT_TTL_MS - 1)
  expect(recent.find('clipboard')).toMatchObject({ picture: { sha256: 'a' }, readAt: 1_000 })
  expect(recent.find('Clipboard ')).toBeNull()
  expect(recentOf('ben').find('clipboard')).toBeNull()
  wait(2)
  expect(recent.find('clipboard')).toBeNull()
})

it('replaces the picture that the same words stood for before', () => {
  const { recent } = setUp()
  recent.keep('clipboard', picture('a'))
  recent.keep('clipboard', picture('b'))
  expect(recent.find('clipboard')?.picture.sha256).toBe('b')
})

it('keeps a few pictures of each owner, the newest, and none that is too large', () => {
  const { recentOf, recent } = setUp()
  recentOf('ben').keep('clipboard', picture('z'))
  const words = Array.from({ length: MAX_RECENT + 2 }, (_, index) => `https://example.com/${index}.jpg`)
  for (const each of words) recent.keep(each, picture(each))
  expect(words.filter(each => recent.find(each) !== null)).toEqual(words.slice(2))
  recent.keep('large', picture('large', MAX_RECENT_BYTES + 1))
  expect(recent.find('large')).toBeNull()
  recent.keep('full', picture('full', MAX_RECENT_BYTES))
  expect(words.concat('full').filter(each => recent.find(each) !== null)).toEqual(['full'])
  expect(recentOf('ben').find('clipboard')).not.toBeNull()
})

it('knows the last picture by which all of some offers were found', () => {
  const { recentOf, recent } = setUp()
  recent.keep('first', picture('a'))
  recent.found(picture('a'), ['10001', '10002'])
  recent.keep(null, picture('b'))
  recent.found(picture('b'), ['10002', '10003'])
  // Its next page.
  recent.keep(null, picture('b'))
  recent.found(picture('b'), ['10004'])
  const foundBy = (...offerIds: string[]) => recent.thatFound(offerIds)?.sha256
  expect([foundBy('10002'), foundBy('10001'), foundBy('10003', '10004')]).toEqual(['b', 'a', 'b'])
  expect([foundBy('10001', '10003'), foundBy('10009')]).toEqual([undefined, undefined])
  expect(recentOf('ben').thatFound(['10001'])).toBeNull()
})
