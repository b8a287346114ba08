import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: { include: ['test/clients/clients.run.ts'], testTimeout: 120_000, root: '.', maxWorkers: 1 },
})
