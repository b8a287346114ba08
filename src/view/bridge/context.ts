/** What the host says of itself, put on the page: theme, its own colours, language and room. */
import { asNumber, asObject, asText, type Json } from './json.ts'

/** The most height in a conversation, pixels: beyond it hosts cut or a conversation is no longer read. */
const INLINE_MAX_HEIGHT = 500

/** Applies a context, whole or in part, to the page. */
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

/** The language that the page should speak, or `null` where the host does not say. */
export function localeOf(context: Json): string | null {
  return asText(context.locale)
}

/** How high the page may be, in CSS. Pure. */
export function maxHeightOf(context: Json): string {
  const { height, maxHeight } = asObject(context.containerDimensions)
  if (context.displayMode === 'fullscreen' || context.displayMode === 'pip') return '100vh'
  if (asNumber(height) !== null) return '100vh'
  return `${Math.min(asNumber(maxHeight) ?? INLINE_MAX_HEIGHT, INLINE_MAX_HEIGHT)}px`
}
