/** Dockerfile and docker-compose.yml, as far as they can be held to their words without Docker. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { describe, expect, it, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { pinImages } from '../../scripts/pin-images.ts'
import { listOptions } from '../../src/config.ts'
import { createKeptPictures } from '../../src/pictures/kept-pictures.ts'
import { HAS_POSTGRES, startPostgres } from '../support/postgres-server.ts'
import { makeTempDir, ROOT, runProgram } from '../support/program.ts'
import { startServe } from '../support/serve-process.ts'

const read = (name: string) => readFileSync(path.join(ROOT, name), 'utf8')
const dockerfile = read('Dockerfile')
const compose = read('docker-compose.yml')
const OPTIONS = listOptions()

const service = z.looseObject({
  image: z.string().optional(),
  user: z.string().optional(),
  environment: z.record(z.string(), z.string()).default({}),
  ports: z.array(z.string()).default([]),
  networks: z.array(z.string()),
  volumes: z.array(z.string()).default([]),
  secrets: z.array(z.string()).default([]),
  read_only: z.boolean(),
  cap_drop: z.array(z.string()),
  cap_add: z.array(z.string()).default([]),
  security_opt: z.array(z.string()),
  deploy: z.object({
    replicas: z.number().default(1),
    resources: z.object({ limits: z.object({ memory: z.string(), pids: z.number() }) }),
  }),
})
const file = z
  .looseObject({
    services: z.record(z.string(), service),
    networks: z.record(z.string(), z.looseObject({ internal: z.boolean().default(false) }).nullable()),
    secrets: z.record(z.string(), z.object({ file: z.string() })),
    configs: z.record(z.string(), z.object({ file: z.string() })),
  })
  .parse(parse(compose))
const services = Object.entries(file.services)

describe('the compose file', () => {
  it('follows the schema of the Compose Specification', () => {
    const ajv = new Ajv({ strict: false, allErrors: true })
    addFormats.default(ajv)
    const { $schema: _draft, ...schema } = JSON.parse(read('test/fixtures/compose-spec/compose-spec.json'))
    const validate = ajv.compile(schema)
    validate(parse(compose))
    expect(validate.errors).toBeNull()
    expect(validate({ services: { serve: { image: 'x', capdrop: ['ALL'] } } })).toBe(false)
  })

  it.each(services)('%s has a read-only root, no capabilities, no new privileges and bounds', (name, of) => {
    expect(of.read_only).toBe(true)
    expect(of.cap_drop).toEqual(['ALL'])
    expect(of.cap_add).toEqual(name === 'proxy' ? ['NET_BIND_SERVICE'] : [])
    expect(of.security_opt).toEqual(['no-new-privileges:true'])
    expect(of.deploy.resources.limits).toEqual({
      memory: expect.stringMatching(/^\d+[mg]$/),
      pids: expect.any(Number),
    })
  })

  it('publishes port 443 and a port of loopback, and keeps the database on a network without the internet', () => {
    expect(services.flatMap(([, { ports }]) => ports)).toEqual(['443:443', '127.0.0.1:8080:8080'])
    expect(file.services.database?.networks).toEqual(['data'])
    expect(file.networks.data?.internal).toBe(true)
    expect(file.services.proxy?.networks).not.toContain('data')
  })

  it('shares the pictures of imports between its servers, in a folder that they may write', () => {
    const dataDir = /MCP1688_DATA_DIR=(\S+)/.exec(dockerfile)?.[1] ?? ''
    const { folder } = createKeptPictures(dataDir)
    expect(file.services.serve?.volumes).toEqual([`sheet-pictures:${folder}`])
    expect(dockerfile).toContain(`install -d -o node -g node -m 700 ${dataDir} ${folder}\n`)
    expect(file.services.serve?.environment.MCP1688_DATA_DIR).toBeUndefined()
  })

  it('hands over secrets as files only, and names files that exist', () => {
    const secretNames = OPTIONS.filter(option => option.secret).map(option => option.env)
    for (const [, { environment }] of services)
      for (const [name, value] of Object.entries(environment)) {
        expect(secretNames).not.toContain(name)
        if (/PASSWORD|TOKEN|SECRET/.test(name)) expect(name).toMatch(/_FILE$/)
        const secret = /^\/run\/secrets\/(.+)$/.exec(value)?.[1]
        if (name.endsWith('_FILE')) expect(Object.keys(file.secrets)).toContain(secret)
      }
    for (const config of Object.values(file.configs)) expect(existsSync(path.join(ROOT, config.file))).toBe(true)
    const ignored = read('.gitignore').split('\n')
    for (const secret of Object.values(file.secrets)) {
      expect(secret.file).toMatch(/^\.\/secrets\//)
      expect(ignored).toContain('secrets/')
    }
    expect(read('.dockerignore').split('\n')).toContain('secrets')
  })

  it.skipIf(!HAS_POSTGRES)('creates a user with one database who is not a superuser', async () => {
    const dir = makeTempDir()
    const server = await startPostgres()
    try {
      const secret = path.join(dir.path, 'store')
      writeFileSync(secret, 'postgres://mcp1688:Pass0word@database/mcp1688\n')
      const script = path.join(dir.path, 'create-database.sql')
      // Debian's package of pgvector is older than what the catalogue needs, so it is left out here.
      const sql = read('docker/create-database.sql').replace('CREATE EXTENSION vector;', '')
      writeFileSync(script, sql.replaceAll('/run/secrets/store', secret))
      execFileSync('psql', [server.url(), '-qX', '-v', 'ON_ERROR_STOP=1', '-f', script])
      const facts = "SELECT rolsuper OR rolcreatedb OR rolcreaterole, rolpassword LIKE 'SCRAM%' FROM pg_authid"
      expect(server.sql(`${facts} WHERE rolname = 'mcp1688'`)).toBe('f|t')
      const added = await runProgram(['keys', 'add', '--name', 'ana', '--json'], dir.path, {
        MCP1688_STORE: server.url().replace('postgres@/postgres', 'mcp1688@/mcp1688'),
      })
      expect(added.exitCode, added.stderr).toBe(0)
    } finally {
      await server.remove()
      dir.remove()
    }
  })
})

describe('the images', () => {
  it('have exact versions and no digest that nobody looked up', () => {
    const images = [...dockerfile.matchAll(/^FROM (\S+:\S+)/gm)].map(([, image]) => image)
    images.push(...services.flatMap(([, { image }]) => (image ? [image] : [])))
    expect(images.length).toBeGreaterThan(3)
    for (const image of images) expect(image).toMatch(/^[\w/]+:\d+\.\d+\.\d+-[\w-]+(@sha256:[0-9a-f]{64})?$/)
  })

  it('are pinned by the digests that Docker returns, once for each', () => {
    const asked: string[] = []
    const digestOf = (image: string) => {
      asked.push(image)
      return `sha256:${'0'.repeat(63)}${asked.length}\n`
    }
    const pinned = pinImages(dockerfile, digestOf)
    expect(asked).toEqual([expect.stringMatching(/^node:/)])
    expect(pinned.match(/^FROM node:\S+@sha256:0{63}1 AS \w+$/gm)).toHaveLength(2)
    expect(pinned).toContain('\nFROM program AS serve\n')
    expect(pinImages(pinned, digestOf)).toContain(`@sha256:${'0'.repeat(63)}2 AS build`)
    expect(pinImages(compose, digestOf).match(/@sha256:/g)).toHaveLength(2)
    expect(() => pinImages(dockerfile, () => 'not found')).toThrow('no digest')
  })

  it('run as node, and serve on all addresses only where a key was created', async () => {
    const program = dockerfile.slice(dockerfile.indexOf(' AS program'))
    expect(program).toContain('\nUSER node\n')
    expect(program).not.toContain('USER root')
    const [beforeServe, serve = ''] = program.split('FROM program AS serve')
    expect(beforeServe).not.toContain('MCP1688_HOST')
    expect(serve).toContain('ENV MCP1688_HOST=0.0.0.0')
    const dir = makeTempDir()
    const env = { MCP1688_HOST: '0.0.0.0' }
    const refused = await runProgram(['serve', '--port', '0'], dir.path, env)
    expect([refused.exitCode, refused.stderr]).toEqual([
      2,
      expect.stringContaining('Refusing to listen on 0.0.0.0 without API keys.'),
    ])
    dir.remove()
  })

  test('variables are options, and copied files exist', () => {
    const known = OPTIONS.flatMap(({ env, secret }) => (secret ? [env, `${env}_FILE`] : [env]))
    const inImage = [...dockerfile.matchAll(/\bMCP1688_\w+(?==)/g)].map(([name]) => name)
    const inServers = Object.keys(file.services.serve?.environment ?? {})
    expect(inImage.length * inServers.length).toBeGreaterThan(0)
    for (const name of [...inImage, ...inServers]) expect(known).toContain(name)
    const copied = [...dockerfile.matchAll(/^COPY --from=build (.*) \S+$/gm)].flatMap(([, from = '']) =>
      from.split(' '),
    )
    expect(copied).toContain('/app/dist')
    for (const name of copied.filter(from => from !== '/app/dist' && from !== '/app/node_modules'))
      expect(existsSync(path.join(ROOT, name.slice('/app/'.length))), name).toBe(true)
  })

  test('the health check recognises a ready server', async () => {
    const [program, ...args] = z
      .array(z.string())
      .parse(JSON.parse(/HEALTHCHECK (?:.|\\\n)*?CMD (\[.*\])/.exec(dockerfile)?.[1] ?? ''))
    expect(program).toBe('node')
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
})
