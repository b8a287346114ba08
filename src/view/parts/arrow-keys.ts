/** Moves the focus between cards by the arrow keys, Home and End. */

/** Moves the focus to the same control of another card; up and down move by a row. */
export function moveByArrows(list: HTMLElement): void {
  list.addEventListener('keydown', event => {
    const cards = [...list.querySelectorAll('.card')].filter(card => !card.closest('details:not([open])'))
    const from = cards.findIndex(card => card.contains(document.activeElement))
    const [first = 0, ...tops] = cards.map(card => card.getBoundingClientRect().top)
    const columns = 1 + tops.filter(top => top === first).length
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: -1,
      ArrowRight: 1,
      ArrowUp: -columns,
      ArrowDown: columns,
      Home: -from,
      End: cards.length - 1 - from,
    }
    const card = from < 0 ? undefined : cards[from + (steps[event.key] ?? Number.NaN)]
    if (card === undefined) return
    const isTick = document.activeElement instanceof HTMLInputElement
    card.querySelector<HTMLElement>(isTick ? 'input' : 'button')?.focus()
    event.preventDefault()
  })
}
