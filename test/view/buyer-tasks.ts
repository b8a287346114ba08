/** What a buyer does with the product grid, and the clicks that each task may take: never more than 8. */

/** A click is whatever a person presses or points at: a card, a button, a field, a choice in a list. */
export const BUYER_TASKS = {
  'sees what a found offer costs in steps, and its variants': 1,
  'narrows the offers to factories under 15 CNY': 4,
  'picks three offers': 3,
  'compares three offers at 500 pieces': 5,
  'sees what three offers cost in USD where they arrive': 8,
  'exports three offers to a sheet': 5,
  'turns to the next page': 1,
  'searches with another photo': 3,
  'reads the page in Chinese': 1,
  'picks and compares with the keyboard alone': 0,
} as const

export type BuyerTask = keyof typeof BUYER_TASKS
