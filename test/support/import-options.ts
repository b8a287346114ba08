import { createKeptPictures } from '../../src/pictures/kept-pictures.ts'

/** Of a dry run: pictures inside sheets get the addresses under which they would be kept. */
export const DRY_IMPORT = { keepPicture: createKeptPictures('/data').addressOf }
