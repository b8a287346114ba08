import { describe, expect, it } from 'vitest'
import { checkPicture } from '../../../../src/pictures/decoder/check.ts'
import { DEADLY_KINDS } from '../../../support/deadly-pictures.ts'
import { drawnPicture, FORMATS } from '../../../support/drawn-pictures.ts'
import { fuzzedPictures } from '../../../support/hostile-pictures.ts'

/** Kinds that bytes alone do not give away: the decoder refuses or bears them. */
const BORNE = /profile|interlaced|claimed|full colour|lossless/

describe('the bytes of a picture', () => {
  it.each(FORMATS)('are accepted for %s, animated or not', async format => {
    const still = await drawnPicture().toFormat(format).toBuffer()
    expect(() => checkPicture(still)).not.toThrow()
  })

  it('are accepted with an orientation, a profile and texts', async () => {
    const full = await drawnPicture()
      .withIccProfile('p3')
      .withExif({ IFD0: { Copyright: 'somebody' } })
      .png()
      .toBuffer()
    expect(() => checkPicture(full)).not.toThrow()
    const progressive = await drawnPicture().withMetadata().jpeg({ progressive: true }).toBuffer()
    expect(() => checkPicture(progressive)).not.toThrow()
  })

  it.each(DEADLY_KINDS.filter(({ name }) => !BORNE.test(name)))(
    'are refused at once for $name',
    async ({ make }) => {
      const bytes = await make(0.4)
      expect(() => checkPicture(bytes)).toThrow(/holds .* which no camera or program writes/)
    },
    30_000,
  )

  it('never make the check throw anything else or hang, however damaged', async () => {
    for (const file of await fuzzedPictures(2_000, 25)) {
      try {
        checkPicture(file)
      } catch (error) {
        expect(error).toMatchObject({ code: 'picture_unreadable' })
      }
    }
  }, 60_000)
})
