import { expect, test } from 'vitest'
import { createProgressBar } from '../../../src/cli/terminal/progress-bar.ts'

function drawnBy(isTTY: boolean, steps: (bar: ReturnType<typeof createProgressBar>) => void): string {
  let text = ''
  steps(createProgressBar({ isTTY, columns: 60, write: part => (text += part) }))
  return text
}

test('draws the share that is done on one line and clears it at the end', () => {
  const text = drawnBy(true, bar => {
    bar.onProgress({ done: 1, total: 3, message: 'page 1 of 3' })
    bar.onProgress({ done: 1, total: 3, message: 'page 1 of 3' })
    bar.onProgress({ done: 3, total: 3, message: 'page 3 of 3' })
    bar.stop()
  })
  const line = (full: number, message: string) => `\r\u001B[2K ${'█'.repeat(full)}${'░'.repeat(30 - full)} ${message}`
  expect(text).toBe(`${line(10, 'page 1 of 3')}${line(30, 'page 3 of 3')}\r\u001B[2K`)
})

test('is half full if the end is unknown, and never wider than the terminal', () => {
  const text = drawnBy(true, bar => bar.onProgress({ done: 9, message: 'x'.repeat(200) }))
  expect(text).toContain(`${'█'.repeat(15)}${'░'.repeat(15)} xx`)
  expect(text.replace('\r\u001B[2K', '')).toHaveLength(59)
})

test('draws nothing if the stream is not a terminal, or before the first progress', () => {
  expect(drawnBy(false, bar => bar.onProgress({ done: 1, total: 2, message: 'half' }))).toBe('')
  expect(drawnBy(true, bar => bar.stop())).toBe('')
})
