/** Whether it is the name of a picture that lay inside a sheet, or was sent with it: a file named by its content. */
export function isKeptName(name: string): boolean {
  return /^[\da-f]{64}\.[a-z]+$/.test(name)
}

/** Of a file on this computer, its name: the folder is the person's own business. */
export function pictureName(imageUrl: string): string {
  if (!imageUrl.startsWith('file:')) return imageUrl
  const name = imageUrl.slice(imageUrl.lastIndexOf('/') + 1)
  return isKeptName(name) ? 'from the sheet' : decodeURIComponent(name)
}
