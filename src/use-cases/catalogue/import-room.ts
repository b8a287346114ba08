/** Room for an import in an account that is nearly full: what the sheet replaces makes way for what it brings. */
import { type Holdings, storageFor } from '../../catalogue/holdings.ts'
import { bytesBeside, forgetPictures, type KeptPictures, withinBytes } from '../../pictures/kept-pictures.ts'

/** What a sheet brings, of a first reading that stored nothing. */
export interface SheetContents {
  /** The IDs of its offers, with those that earlier versions may have stored them under. */
  ids: ReadonlySet<string>
  /** The pictures that its offers show. */
  pictures: ReadonlySet<string>
  /** The bytes of those that lie inside the sheet or came with it. */
  sizes: ReadonlyMap<string, number>
}

export interface RoomDeps {
  keptPictures: KeptPictures
  holdings: Pick<Holdings, 'pictures'>
  /** Of the owner's files; `null` where they are not counted. */
  storedBytes: () => Promise<number | null>
}

/**
 * Pictures that no offer has any more are deleted. Those that the sheet replaces go after the import only, so meanwhile
 * the account may take up twice its room, and never more: an import may be cut off at any point.
 * @param most own offers.
 * @returns what keeps the pictures of the sheet.
 */
export async function makeRoomForPictures(
  { ids, pictures, sizes }: SheetContents,
  most: number,
  { keptPictures, holdings, storedBytes }: RoomDeps,
): Promise<KeptPictures['keep']> {
  await forgetPictures(keptPictures, await holdings.pictures())
  const room = storageFor(most)
  const { keep } = withinBytes(keptPictures, room, storedBytes)
  const stored = (await storedBytes()) ?? 0
  const staying = new Set([...(await holdings.pictures(ids)), ...pictures])
  const going = await bytesBeside(keptPictures, staying)
  let coming = 0
  for (const address of pictures) if (!(await keptPictures.isKept(address))) coming += sizes.get(address) ?? 0
  if (stored - going + coming > room || stored + coming > 2 * room) return keep
  return async bytes => {
    const isExpected = pictures.has(await keptPictures.addressOf(bytes))
    return (isExpected ? keptPictures.keep : keep)(bytes)
  }
}
