import { expect, it } from 'vitest'
import { standing } from '../../bench/standing.ts'

const BEFORE = `## Start

| spawn | wall ms | memory MB |
|---|---|---|
| ours | 100 | 62 |
| bare | 90 | 60 |

## Calls

| protocol | callers | ours |
|---|---|---|
| 2025 | 1 | 500 calls/s, p99 4 ms |
| 2025 | 16 | 700 calls/s, p99 9 ms |
`

it('says for every row what changed, and by how much', () => {
  const now = BEFORE.replace('| 100 |', '| 150 |')
    .replace('700 calls/s, p99 9 ms', '350 calls/s, p99 9 ms')
    .replace('| bare | 90', '| echo | 90')
  expect(standing(BEFORE, now)).toMatchInlineSnapshot(`
    "| row | committed run → this run (ratio) |
    |---|---|
    | Start: ours | wall ms 100 → 150 (1.50) |
    | Start: echo | new |
    | Calls: 2025 | as before |
    | Calls: 2025 (2) | ours 700 → 350 (0.50) |"
  `)
})

it('names a cell whose figures cannot be paired', () => {
  expect(standing(BEFORE, BEFORE.replace('p99 4 ms', 'no errors'))).toContain(
    'ours: 500 calls/s, p99 4 ms → 500 calls/s, no errors',
  )
})
