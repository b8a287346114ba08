/** Finds the pictures of the product that a page describes in JSON-LD (https://schema.org/Product). */
import * as z from 'zod'

const MAX_DEPTH = 8
/** Of one block; a category page describes hundreds of products. */
const MAX_NODES = 2_000
const MAX_PICTURES = 3

/** @returns addresses as the page writes them, none for text that is not JSON. */
export function productPictures(json: string): string[] {
  // Some pages wrap the block in a comment, or leave line breaks in its texts.
  const plain = json
    .replaceAll(/^\s*(?:<!--|\/\/\s*<!\[CDATA\[)|(?:-->|\/\/\s*\]\]>)\s*$/g, '')
    .replaceAll(/[\0-\x1f]/g, ' ')
  try {
    return picturesOf(JSON.parse(plain))
  } catch {
    return []
  }
}

/** Of the first product, nearest to the root. */
function picturesOf(root: unknown): string[] {
  let level = [root]
  let left = MAX_NODES
  for (let depth = 0; depth < MAX_DEPTH && level.length > 0; depth++) {
    const next: unknown[] = []
    for (const node of level.slice(0, left)) {
      if (typeof node !== 'object' || node === null) continue
      const pictures = isProduct(node) && 'image' in node ? addressesIn(node.image) : []
      if (pictures.length > 0) return pictures.slice(0, MAX_PICTURES)
      const inside: unknown[] = Object.values(node)
      next.push(...inside.slice(0, left))
    }
    left -= level.length
    if (left <= 0) break
    level = next
  }
  return []
}

const typed = z.object({ '@type': z.union([z.string(), z.array(z.string())]) })

function isProduct(node: object): boolean {
  const { success, data } = typed.safeParse(node)
  return success && [data['@type']].flat().some(type => /(?:^|\/)(?:Individual)?Product(?:Group|Model)?$/.test(type))
}

/** A URL, an ImageObject, or a list of them. */
function addressesIn(image: unknown, depth = 0): string[] {
  if (typeof image === 'string') return image.trim() === '' ? [] : [image.trim()]
  if (typeof image !== 'object' || image === null || depth > 2) return []
  if (Array.isArray(image)) return image.slice(0, MAX_PICTURES).flatMap(entry => addressesIn(entry, depth + 1))
  if ('contentUrl' in image) return addressesIn(image.contentUrl, depth + 1)
  return 'url' in image ? addressesIn(image.url, depth + 1) : []
}
