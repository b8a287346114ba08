import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { freshReadme } from '../../scripts/write-docs.ts'
import { ROOT } from '../support/program.ts'

it('the tables of the README are fresh (npm run docs)', () => {
  const readme = readFileSync(path.join(ROOT, 'README.md'), 'utf8')
  expect(freshReadme(readme)).toBe(readme)
})

it('AGENTS.md is short enough to be read', () => {
  expect(readFileSync(path.join(ROOT, 'AGENTS.md'), 'utf8').split('\n').length).toBeLessThanOrEqual(121)
})
