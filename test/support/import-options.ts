import { createKeptPictures } from '../../src/pictures/kept-pictures.ts'

const { addressOf, isKept } = createKeptPictures('/data')

/** Of a dry run: pictures inside sheets get the addresses under which they would be kept. */
export const DRY_IMPORT = { keepPicture: addressOf, isKept }
