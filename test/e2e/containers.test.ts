import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { listOptions } from '../../src/config.ts'
import { makeTempDir } from '../support/program.ts'
import { startServe } from '../support/serve-process.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')
const dockerfile = readFileSync(path.join(ROOT, 'Dockerfile'), 'utf8')
const { services } = z
  .looseObject({
    services: z.record(
      z.string(),
      z.looseObject({
        environment: z.record(z.string(), z.string()).default({}),
        healthcheck: z.looseObject({ test: z.union([z.string(), z.array(z.string())]) }).optional(),
      }),
    ),
  })
  .parse(parse(readFileSync(path.join(ROOT, 'docker-compose.yml'), 'utf8')))

test('the health check of the servers recognises a ready server', async () => {
  const [kind, program, ...args] = z.array(z.string()).parse(services.serve?.healthcheck?.test)
  expect([kind, program]).toEqual(['CMD', 'node'])
  const dir = makeTempDir()
  const server = await startServe(dir.path)
  const check = () =>
    spawnSync(
      process.execPath,
      args.map(arg => arg.replace('http://127.0.0.1:1688/', `${server.url}/`)),
      { timeout: 20_000 },
    ).status
  expect(check()).toBe(0)
  await server.close()
  expect(check()).toBe(1)
  dir.remove()
})

test('variables are options, and copied files exist', () => {
  const known = listOptions().map(option => option.env)
  const inImage = [...dockerfile.matchAll(/\bMCP1688_\w+(?==)/g)].map(([name]) => name)
  const inServers = Object.keys(services.serve?.environment ?? {})
  expect(inImage.length * inServers.length).toBeGreaterThan(0)
  for (const name of [...inImage, ...inServers]) expect(known).toContain(name)
  const copied = [...dockerfile.matchAll(/^COPY --from=build (.*) \S+$/gm)].flatMap(([, from = '']) => from.split(' '))
  expect(copied).toContain('/app/dist')
  for (const file of copied.filter(name => name !== '/app/dist' && name !== '/app/node_modules'))
    expect(existsSync(path.join(ROOT, file.slice('/app/'.length))), file).toBe(true)
})
