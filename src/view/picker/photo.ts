/** A photo on its way: turned, cropped and shrunk in the browser, so that only what the matcher looks at is sent. */

/** Longer side of the preview, in pixels. */
const SHOWN_SIDE = 640

/** In fractions of the turned photo. */
export interface Crop {
  left: number
  top: number
  width: number
  height: number
}

export const WHOLE: Crop = { left: 0, top: 0, width: 1, height: 1 }

export interface Photo {
  /** The turned photo, for people to look at. */
  readonly canvas: HTMLCanvasElement
  turn(): void
  /** The crop. @param side the longer one at most, in pixels. */
  cut(crop: Crop, side: number): HTMLCanvasElement
}

/** `null` if the browser cannot decode the file, as most cannot decode HEIC. */
export async function openPhoto(file: Blob): Promise<Photo | null> {
  const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' }).catch(() => null)
  if (bitmap === null) return null
  const canvas = document.createElement('canvas')
  let quarters = 0
  draw(canvas, bitmap, quarters, SHOWN_SIDE)
  return {
    canvas,
    turn() {
      quarters = (quarters + 1) % 4
      draw(canvas, bitmap, quarters, SHOWN_SIDE)
    },
    cut(crop, side) {
      // The crop is of the turned photo, at its full size.
      const whole = document.createElement('canvas')
      draw(whole, bitmap, quarters, side / Math.max(crop.width, crop.height))
      const cut = document.createElement('canvas')
      cut.width = Math.max(1, Math.round(whole.width * crop.width))
      cut.height = Math.max(1, Math.round(whole.height * crop.height))
      const context = cut.getContext('2d')
      context?.drawImage(whole, -Math.round(whole.width * crop.left), -Math.round(whole.height * crop.top))
      return cut
    },
  }
}

export function toJpeg(canvas: HTMLCanvasElement): Promise<Blob | null> {
  return new Promise(resolve => canvas.toBlob(resolve, 'image/jpeg', 0.88))
}

/** Draws the turned bitmap on white, never larger than it is. */
function draw(canvas: HTMLCanvasElement, bitmap: ImageBitmap, quarters: number, side: number): void {
  const scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height))
  const [width, height] = [
    Math.max(1, Math.round(bitmap.width * scale)),
    Math.max(1, Math.round(bitmap.height * scale)),
  ]
  const isUpright = quarters % 2 === 0
  canvas.width = isUpright ? width : height
  canvas.height = isUpright ? height : width
  const context = canvas.getContext('2d')
  if (context === null) return
  context.fillStyle = '#fff'
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.translate(canvas.width / 2, canvas.height / 2)
  context.rotate((quarters * Math.PI) / 2)
  context.drawImage(bitmap, -width / 2, -height / 2, width, height)
}
