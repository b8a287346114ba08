import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from '../support/program.ts'

const EXPORTED = /^export (?:async )?(?:function|const|class|interface|type) (\w+)/

test('every exported symbol says what it is', () => {
  const bare: string[] = []
  for (const file of readdirSync(path.join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue
    const lines = readFileSync(path.join(ROOT, 'src', file), 'utf8').split('\n')
    for (const [index, line] of lines.entries()) {
      const [, name] = EXPORTED.exec(line) ?? []
      if (name !== undefined && !lines[index - 1]?.trimEnd().endsWith('*/')) bare.push(`${file}: ${name}`)
    }
  }
  expect(bare).toEqual([])
})
