import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createApp } from '../../src/app/create-app.ts'
import { loadConfig } from '../../src/load-config.ts'
import { createLogger } from '../../src/log.ts'
import { ROOT } from '../support/program.ts'

test('a start that failed is tried again at the next call', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'mcp-1688-app-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const model = path.join(folder, 'model.onnx')
  const env = { MCP1688_DATA_DIR: path.join(folder, 'data'), MCP1688_EMBEDDER: `onnx:${model}` }
  const config = loadConfig({ env, flags: {}, platform: process.platform, homeDir: folder })
  const logger = createLogger({ level: 'silent', write: () => {} })
  const app = createApp({ config, packageDir: ROOT, logger, isLocal: true })
  await expect(app.services.getUsage()).rejects.toMatchObject({ code: 'config_invalid' })

  writeFileSync(model, 'read at the first picture only')
  writeFileSync(`${model}.json`, JSON.stringify({ size: 32 }))
  expect((await app.services.getUsage()).upstream).toBe('sample')
  await app.close()
})
