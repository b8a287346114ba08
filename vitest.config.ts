import { defineConfig } from 'vitest/config'
import { noSkips } from './test/support/no-skips.ts'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    reporters: process.env.CI ? ['default', noSkips] : ['default'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // What is waited for comes at once, or late on a busy machine.
    expect: { poll: { timeout: 15_000 } },
    // Faults and simulations are heavy; two cores are what the smallest machine has.
    maxWorkers: 4,
    // Modules are loaded once a worker, not once a file: a quarter of the processor time. So no test replaces a module for others; what varies is passed in.
    isolate: false,
  },
})
