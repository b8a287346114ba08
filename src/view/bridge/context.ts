/** Applies the host's theme, colours, language and size limits to the page. */
import { asNumber, asObject, asText, type Json } from './json.ts'

/** In pixels. Hosts cut off higher pages, and higher ones would break up the conversation. */
const INLINE_MAX_HEIGHT = 500

/** The host's colours by their names in MCP Apps, and the page's own names for them. */
const COLOURS: Readonly<Record<string, string>> = {
  'background-primary': 'ground',
  'background-secondary': 'raised',
  'text-primary': 'ink',
  'text-secondary': 'soft',
  'border-primary': 'line',
  'ring-primary': 'ring',
}

export function applyContext(context: Json, root: HTMLElement): void {
  const [theme, mode] = [asText(context.theme), asText(context.displayMode)]
  if (theme !== null) root.dataset.theme = theme
  if (mode !== null) root.dataset.mode = mode
  const variables = asObject(asObject(context.styles).variables)
  const set = (name: string, value: unknown) => {
    // A change names only what has changed.
    if (typeof value === 'string') root.style.setProperty(`--${name}`, value)
  }
  set('font', variables['--font-sans'])
  for (const [theirs, ours] of Object.entries(COLOURS)) set(ours, variables[`--color-${theirs}`])
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
