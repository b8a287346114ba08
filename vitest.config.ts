import { defineConfig } from 'vitest/config'
import { noSkips } from './test/support/no-skips.ts'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    reporters: process.env.CI ? ['default', noSkips] : ['default'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Polled values usually arrive at once, but late on a busy machine.
    expect: { poll: { timeout: 15_000 } },
    // Faults and simulations are heavy, and the smallest machine has two cores.
    maxWorkers: 4,
    // Loads modules once per worker instead of once per file, which takes a quarter of the processor time. So tests must
    // not replace modules; what varies is passed in.
    isolate: false,
  },
})
