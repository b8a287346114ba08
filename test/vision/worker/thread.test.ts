import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { startThread, type ThreadEnd } from '../../../src/vision/worker/thread.ts'

test('a model that does not load in time is not blamed on the picture', async () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'mcp-1688-thread-'))
  const workerFile = path.join(dir, 'loads-for-ever.mjs')
  writeFileSync(workerFile, 'setInterval(() => {}, 1000)')
  const end = await new Promise<ThreadEnd>(onEnd => {
    const thread = startThread({
      workerFile,
      model: { kind: 'colour' },
      loadLimitMs: 50,
      requestLimitMs: 60_000,
      onReply: () => {},
      onEnd,
    })
    thread.send({ bytes: new Uint8Array(1), purpose: 'index' })
  })
  expect(end).toBe('not_started')
  rmSync(dir, { recursive: true })
})
