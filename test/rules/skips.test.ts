import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from '../support/program.ts'

test('a run with a skipped test fails and names it', () => {
  const vitest = path.join(ROOT, 'node_modules/vitest/vitest.mjs')
  const folder = path.join(ROOT, 'test/fixtures/skipping')
  const run = spawnSync(process.execPath, [vitest, 'run', '--config', path.join(folder, 'vitest.config.mjs')], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', VITEST: undefined },
  })
  expect(run.stderr).toContain('In CI a skipped test is a failure:\n  skipped.case.ts > needs a browser')
  expect(run.status).toBe(1)
})
