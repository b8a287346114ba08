/** Applies the host's theme, colours, language and size limits to the page. */
import { asNumber, asObject, asText, type Json } from './json.ts'

/** In pixels. Hosts cut off higher pages, and higher ones would break up the conversation. */
const INLINE_MAX_HEIGHT = 500

export function applyContext(context: Json, root: HTMLElement): void {
  if (context.theme === 'light' || context.theme === 'dark') root.dataset.theme = context.theme
  const mode = asText(context.displayMode)
  if (mode !== null) root.dataset.mode = mode
  for (const [name, value] of Object.entries(asObject(asObject(context.styles).variables))) {
    if (/^--(?:color|font|border|shadow)-/.test(name) && typeof value === 'string') root.style.setProperty(name, value)
  }
  const insets = asObject(context.safeAreaInsets)
  for (const side of ['top', 'right', 'bottom', 'left'] as const) {
    const inset = asNumber(insets[side])
    if (inset !== null) root.style.setProperty(`--inset-${side}`, `${inset}px`)
  }
  if (context.displayMode !== undefined || context.containerDimensions !== undefined) {
    root.style.setProperty('--room', maxHeightOf(context))
  }
}

/** The page's maximum height, in CSS. */
function maxHeightOf(context: Json): string {
  const { height, maxHeight } = asObject(context.containerDimensions)
  const isFixed = context.displayMode === 'fullscreen' || context.displayMode === 'pip' || asNumber(height) !== null
  if (isFixed) return '100vh'
  return `${Math.min(asNumber(maxHeight) ?? INLINE_MAX_HEIGHT, INLINE_MAX_HEIGHT)}px`
}
