import { expect, it } from 'vitest'
import { terminalPage } from '../../../src/cli/terminal/page.ts'
import { printable } from '../../../src/cli/terminal/printable.ts'
import { createProgressBar } from '../../../src/cli/terminal/progress-bar.ts'

/** Moves the cursor, sets the title, starts C1 sequences, and turns the direction. */
const HOSTILE = 'a\u001B[2Jb\u001B]0;t\u0007c\u009B2Jd\u0090e\u202Ef\u2066g\u200Fh\u061Ci\r\bj'
const HARMLESS = 'a[2Jb]0;tc2Jdefghij'

it('every part of a page, headers of its table included, shows such characters as nothing', () => {
  const columns = [
    { name: HOSTILE, kind: 'long' as const },
    { name: 'note', kind: 'below' as const },
  ]
  const page = { head: [HOSTILE], table: { columns, rows: [HOSTILE, [HOSTILE, HOSTILE]] }, tail: [HOSTILE] }
  const text = terminalPage(page, { columns: 80, colours: false, pictures: null })
  expect(text.split(HARMLESS)).toHaveLength(7)
  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/u)
})

it('whatever else is printed keeps our own colours, and Chinese and emoji', () => {
  const kept = '\u001B[1m防晒口罩 👩‍🔧\u001B[22m\n\ttext'
  expect(printable(kept)).toBe(kept)
  expect(printable('a\u009B2Jb\u202Ec\u0085d\u007F')).toBe('a2Jbcd')
})

it('a progress bar shows such characters as nothing', () => {
  let drawn = ''
  const bar = createProgressBar({ isTTY: true, columns: 80, write: text => (drawn += text) })
  bar.onProgress({ done: 1, total: 2, message: HOSTILE })
  expect(drawn).toContain(` ${HARMLESS}`)
})
