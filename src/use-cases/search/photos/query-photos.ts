/** Reads the photos of one thing that a search is by. One that cannot be used does not spoil the others. */
import { asAppError, throwIfAborted, withMoreCredits } from '../../../errors.ts'
import type { Remark } from '../../../offers/results/results.ts'
import type { Picture, PictureInput } from '../../../pictures/reader.ts'
import type { CallOptions } from '../../../upstream-calls/call-options.ts'
import type { QueryPicture } from '../compare-pictures.ts'
import type { QueryPictures } from './query-picture.ts'

export interface Photo {
  picture: Picture
  /** Its place among those that were given, from 1. */
  position: number
  query: QueryPicture
}

export interface QueryPhotos {
  photos: readonly [Photo, ...Photo[]]
  /** Of offers whose pictures they are. */
  offerIds: string[]
  creditsSpent: number
  /** On those that could not be used, or were not read again. */
  remarks: Remark[]
}

/** Enough to tell photos apart. */
const SHORT_LABEL_CHARS = 60

/**
 * @param embed of one picture.
 * @throws AppError of the first photo if none can be used.
 */
export async function readQueryPhotos(
  inputs: readonly PictureInput[],
  read: (input: PictureInput, position: number) => ReturnType<QueryPictures['read']>,
  embed: (picture: Picture) => Promise<QueryPicture>,
  { signal }: CallOptions,
): Promise<QueryPhotos> {
  let creditsSpent = 0
  const ends = await Promise.allSettled(
    inputs.map(async (input, index) => {
      const { picture, offerId, creditsSpent: spent, remarks } = await read(input, index + 1)
      creditsSpent += spent
      return { remarks, picture, offerId, position: index + 1, query: await embed(picture) }
    }),
  )
  throwIfAborted(signal)
  const remarks: Remark[] = []
  for (const [index, end] of ends.entries()) {
    if (end.status === 'fulfilled') continue
    const { code, message, hint, creditsSpent: spent } = asAppError(end.reason)
    if (code === 'internal') throw end.reason
    creditsSpent += spent
    remarks.push({ kind: 'photo_failed', position: index + 1, code, message, hint })
  }
  const usable = ends.flatMap(end => (end.status === 'fulfilled' ? [end.value] : []))
  remarks.unshift(...usable.flatMap(each => each.remarks))
  const [first, ...others] = usable
  if (!first) {
    const failures = ends.flatMap(end => (end.status === 'rejected' ? [asAppError(end.reason)] : []))
    throw withMoreCredits(failures[0], creditsSpent - (failures[0]?.creditsSpent ?? 0))
  }
  const isNew = ({ picture }: Photo, at: number) =>
    usable.findIndex(each => each.picture.sha256 === picture.sha256) === at
  return {
    photos: [first, ...others.filter((photo, index) => isNew(photo, index + 1))],
    offerIds: usable.flatMap(({ offerId }) => offerId ?? []),
    creditsSpent,
    remarks,
  }
}

/** As one picture with the views of all: the best view of an offer counts. */
export function joinViews(photos: QueryPhotos['photos'], found: Set<string>): QueryPicture {
  const queries = photos.map(({ query }) => query)
  const previous = queries.flatMap(({ previousVectors }) => previousVectors ?? [])
  return {
    vectors: queries.flatMap(({ vectors }) => vectors),
    previousVectors:
      previous.length < queries.length ? null : async () => (await Promise.all(previous.map(read => read()))).flat(),
    // Per cent of which photo, the reply could not say.
    regions: [],
    found,
  }
}

/** Those that were used, as the reply shows them. */
export function labelOf(photos: QueryPhotos['photos']): string {
  if (photos.length === 1) return photos[0].picture.label
  const labels = photos.map(({ picture: { label } }) =>
    label.length > SHORT_LABEL_CHARS ? `${label.slice(0, SHORT_LABEL_CHARS - 1)}…` : label,
  )
  return `${photos.length} photos: ${labels.join('; ')}`
}
