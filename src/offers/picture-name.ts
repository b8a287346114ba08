/** Pictures that lay inside a sheet, or were sent with it, are files named by their content. */
const KEPT_PICTURE = /\/[\da-f]{64}\.[a-z]+$/

/** Of a file on this computer, its name: the folder is the person's own business. */
export function pictureName(imageUrl: string): string {
  if (!imageUrl.startsWith('file:')) return imageUrl
  return KEPT_PICTURE.test(imageUrl)
    ? 'from the sheet'
    : decodeURIComponent(imageUrl.slice(imageUrl.lastIndexOf('/') + 1))
}
