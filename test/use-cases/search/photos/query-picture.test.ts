import path from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { createSqliteCatalogue } from '../../../../src/catalogue/sqlite/catalogue.ts'
import { AppError } from '../../../../src/errors.ts'
import type { Picture, PictureInput } from '../../../../src/pictures/reader.ts'
import { createRecentPictures } from '../../../../src/pictures/recent-pictures.ts'
import { IN_MEMORY } from '../../../../src/store/sqlite.ts'
import { createQueryPictures } from '../../../../src/use-cases/search/photos/query-picture.ts'
import { ROOT } from '../../../support/program.ts'
import { makeUpstreamClient } from '../../../support/upstream-client.ts'

const catalogue = createSqliteCatalogue({ file: IN_MEMORY, distDir: path.join(ROOT, 'dist') })
afterAll(() => catalogue.close())

const CALL = { signal: new AbortController().signal }

/** A reader for which each reference stands for another picture every time, unless it answers once. */
function setUp({ answersOnce = false } = {}) {
  let time = 0
  let reads = 0
  const unused = () => Promise.reject(new Error('not needed'))
  const read = async (input: PictureInput): Promise<Picture> => {
    reads += 1
    if (answersOnce && reads > 1)
      throw new AppError({ code: 'picture_unreachable', message: 'Gone (410).', hint: 'Pass another.' })
    return { bytes: new Uint8Array([reads]), sha256: `${reads}`, label: JSON.stringify(input), url: null }
  }
  const pictures = createQueryPictures({
    pictureReader: { read, close: async () => undefined },
    recentPictures: createRecentPictures(() => time)('ana'),
    catalogueReader: { read: unused, close: async () => undefined },
    pictureAddresses: { offerAt: async () => null },
    catalogue,
    sourceNames: [],
    upstreams: [makeUpstreamClient('tmapi', 1)],
    getDetails: unused,
    now: () => time,
  })
  const ask = async (input: PictureInput, isRepeat: boolean) => {
    const { picture, remarks } = await pictures.read(input, undefined, CALL, isRepeat)
    return { read: Number(picture.sha256), remarks }
  }
  return {
    ask,
    wait: (ms: number) => {
      time += ms
    },
  }
}

it.each(['clipboard', 'picked'])(
  '%s that changed meanwhile: a repeated call means what it meant, and says so',
  async word => {
    const { ask, wait } = setUp()
    expect(await ask(word, false)).toEqual({ read: 1, remarks: [] })
    wait(40_000)
    const remark = { kind: 'picture_kept', reference: word, ageS: 40 }
    expect(await ask(word, true)).toEqual({ read: 1, remarks: [remark] })
    // A new call means what is there now.
    expect(await ask(word, false)).toEqual({ read: 2, remarks: [] })
    expect(await ask(word, true)).toMatchObject({ read: 2 })
  },
)

it.each(['https://shop.example/once.jpg', 'photo:0123456789abcdefghijkl'])(
  '%s that answers once is not read again',
  async reference => {
    const { ask } = setUp({ answersOnce: true })
    await ask(reference, false)
    expect(await ask(reference, true)).toEqual({ read: 1, remarks: [] })
    await expect(ask(reference, false)).rejects.toMatchObject({ code: 'picture_unreachable' })
  },
)

it('an attachment whose address has expired is not read again', async () => {
  const { ask } = setUp({ answersOnce: true })
  const attachment = { kind: 'signed' as const, address: 'https://files.oaiusercontent.com/a?sig=1' }
  await ask(attachment, false)
  expect(await ask(attachment, true)).toEqual({ read: 1, remarks: [] })
})

it.each(['/tmp/photo.jpg', 'data:image/png;base64,AAAA', 'sample:mug.webp'])(
  '%s, which can be read at any time, is read again',
  async reference => {
    const { ask } = setUp()
    await ask(reference, false)
    expect(await ask(reference, true)).toMatchObject({ read: 2 })
  },
)
