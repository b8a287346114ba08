import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { runInProcess, serveInProcess } from '../support/in-process.ts'
import { makeTempDir, type TempDir } from '../support/program.ts'

const TEXT = /m1688_[0-9a-f]{8}_[\w-]{32}/

const shown = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{8}$/),
  name: z.string(),
  tier: z.enum(['free', 'hobby', 'developer']),
  rights: z.array(z.enum(['metrics', 'import'])),
  own_offers: z.number(),
  own_bytes: z.number(),
  created_at: z.iso.datetime(),
  expires_at: z.iso.datetime().nullable(),
  revoked_at: z.iso.datetime().nullable(),
})
const issued = shown.extend({ key: z.string().regex(TEXT) })

describe('mcp-1688 keys', () => {
  let dir: TempDir
  beforeAll(() => {
    dir = makeTempDir()
  })
  afterAll(() => dir.remove())
  const keys = (...args: string[]) => runInProcess(['keys', ...args], dir.path)
  const json = async (...args: string[]): Promise<unknown> => {
    const { exitCode, stdout, stderr } = await keys(...args, '--json')
    expect(exitCode, stderr).toBe(0)
    return JSON.parse(stdout)
  }
  /** The contents of the data folder, read as latin1. */
  const stored = () =>
    readdirSync(dir.path, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => readFileSync(path.join(entry.parentPath, entry.name), 'latin1'))
      .join('\n')

  it('add shows the text of a key once; it is not stored, and list, revoke and rotate do not show it', async () => {
    expect(await keys('list')).toEqual({ exitCode: 0, stdout: 'There are no keys.\n', stderr: '' })
    const added = await keys('add', '--name', 'Anna', '--tier', 'hobby', '--expires', '90d')
    expect(added.exitCode).toBe(0)
    const text = TEXT.exec(added.stdout)?.[0] ?? ''
    const id = text.slice(6, 14)
    expect(added.stdout.trimEnd().split('\n')).toEqual([
      expect.stringMatching(new RegExp(`^${id} +hobby +expires \\d{4}-\\d\\d-\\d\\dT\\S+ +Anna$`)),
      text,
    ])
    expect(added.stderr).toContain('not shown again')
    expect(added.stderr).not.toContain(text)

    const listed = await keys('list')
    expect(listed.stdout).toContain(`${id}  hobby`)
    expect((await keys('allow', id, 'import')).stdout).toContain('may: import\n')
    expect((await keys('allow', id, 'metrics')).stdout).toContain('may: import, metrics\n')
    expect((await keys('allow', id, 'none')).stdout).not.toContain('may:')
    const rotated = await keys('rotate', id)
    const fresh = TEXT.exec(rotated.stdout)?.[0] ?? ''
    expect(fresh).toMatch(TEXT)
    expect(fresh).not.toBe(text)
    const revoked = await keys('revoke', id)
    expect(revoked.stdout).toMatch(new RegExp(`^${id} +hobby +revoked \\d{4}-.* Anna\n$`))
    const later = listed.stdout + revoked.stdout + (await keys('list')).stdout + (await keys('list', '--json')).stdout
    const onDisk = stored()
    for (const secret of [text, fresh, text.slice(15), fresh.slice(15)]) {
      expect(later).not.toContain(secret)
      expect(onDisk).not.toContain(secret)
    }
    expect(onDisk).toContain('Anna')
  })

  it('--json prints the same facts', async () => {
    const added = issued.parse(await json('add', '--name', 'Bert', '--tier', 'developer', '--expires', '2099-01-31'))
    expect(added).toMatchObject({ name: 'Bert', tier: 'developer', expires_at: '2099-01-31T23:59:59.999Z' })
    const free = issued.parse(await json('add', '--name', 'Cora'))
    expect(free).toMatchObject({ tier: 'free', expires_at: null, revoked_at: null })
    const rotated = issued.parse(await json('rotate', added.id))
    expect(rotated).toEqual({ ...added, key: expect.not.stringContaining(added.key) })
    const revoked = shown.parse(await json('revoke', free.id))
    expect(revoked.revoked_at).not.toBeNull()
    expect(shown.parse(await json('revoke', free.id))).toEqual(revoked)
  })

  it.each([
    [['add'], 2, '--name'],
    [['add', '--name', ''], 2, '--name'],
    [['add', '--name', 'x', '--tier', 'gold'], 2, 'Unknown tier "gold"'],
    [['add', '--name', 'x', '--expires', '2020-01-01'], 2, '--expires must be in the future'],
    [['add', '--name', 'x', '--expires', '0d'], 2, '--expires must be in the future'],
    [['add', '--name', 'x', '--expires', '2027-02-31'], 2, '--expires must be in the future'],
    [['add', '--name', 'x', '--expires', 'soon'], 2, '--expires must be in the future'],
    [['revoke'], 2, 'needs the ID'],
    [['rotate'], 2, 'needs the ID'],
    [['revoke', '00000000'], 3, 'No API key has the ID "00000000"'],
    [['rotate', '00000000'], 3, 'No API key has the ID "00000000"'],
    [['frobnicate'], 2, 'add, list, revoke, rotate, allow or restore'],
    [[], 2, 'keys'],
  ])('%j exits with %i, prints nothing and explains why on stderr', async (args, exitCode, words) => {
    const result = await keys(...args)
    expect(result).toMatchObject({ exitCode, stdout: '' })
    expect(result.stderr).toContain(words)
  })

  it('none of the rejected commands created a key, and a revoked key cannot be rotated', async () => {
    const listed = z.array(shown).parse(await json('list'))
    expect(listed.map(({ name }) => name)).toEqual(['Anna', 'Bert', 'Cora'])
    const result = await keys('rotate', listed[0]?.id ?? '')
    expect(result).toMatchObject({ exitCode: 2, stdout: '' })
    expect(result.stderr).toContain('is revoked and cannot be rotated')
  })

  it('a running server accepts a new key and refuses a revoked or rotated one at once', async () => {
    const server = await serveInProcess(dir.path)
    const status = async (key: string) =>
      (await fetch(`${server.url}/get_product_details?offer_id=10001`, { headers: { 'x-api-key': key } })).status
    const made = issued.parse(await json('add', '--name', 'Emil'))
    expect(await status(made.key)).toBe(200)
    const rotated = issued.parse(await json('rotate', made.id))
    expect(await status(made.key)).toBe(403)
    expect(await status(rotated.key)).toBe(200)
    await keys('revoke', made.id)
    expect(await status(rotated.key)).toBe(403)
    expect(server.stderr()).not.toMatch(TEXT)
    await server.close()
  })
})
