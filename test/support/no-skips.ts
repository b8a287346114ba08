import type { Reporter, TestModule } from 'vitest/node'

/** Fails a run in which a test was skipped, because the machine lacks something that the suite needs. */
export const noSkips: Reporter = {
  onTestRunEnd(modules: readonly TestModule[]) {
    const skipped = modules.flatMap(module => [...module.children.allTests('skipped')])
    if (skipped.length === 0) return
    process.exitCode = 1
    const names = skipped.map(test => `  ${test.module.relativeModuleId} > ${test.fullName}`)
    process.stderr.write(`In CI a skipped test is a failure:\n${names.join('\n')}\n`)
  },
}
