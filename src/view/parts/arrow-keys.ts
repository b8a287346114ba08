/** Moves the focus between cards by the arrow keys, Home and End. */

/** How far a key moves, in cards; up and down move by a row. */
function targetIndex(key: string, from: number, count: number, columns: number): number | null {
  const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[key]
  const to = key === 'Home' ? 0 : key === 'End' ? count - 1 : step === undefined ? null : from + step
  return to === null || to < 0 || to >= count ? null : to
}

/** Moves the focus to the same control of another card. */
export function moveByArrows(list: HTMLElement): void {
  list.addEventListener('keydown', event => {
    const cards = [...list.querySelectorAll('.card')].filter(card => !card.closest('details:not([open])'))
    const from = cards.findIndex(card => card.contains(document.activeElement))
    const tops = cards.map(card => card.getBoundingClientRect().top)
    const columns = Math.max(1, tops.filter(top => top === tops[0]).length)
    const to = from < 0 ? null : targetIndex(event.key, from, cards.length, columns)
    if (to === null) return
    const isTick = document.activeElement instanceof HTMLInputElement
    const control =
      cards[to]?.querySelector<HTMLElement>(isTick ? 'input' : 'button') ?? cards[to]?.querySelector('input')
    control?.focus()
    event.preventDefault()
  })
}
