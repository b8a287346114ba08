import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runInProcess } from '../support/in-process.ts'
import { makeIndexRows } from '../support/index-rows.ts'
import { startParseServer } from '../support/parse-server.ts'
import { DEMO_PHOTO } from '../support/pictures.ts'
import { makeTempDir, ROOT, serverCommand, type TempDir } from '../support/program.ts'
import { testOn } from '../support/test-on.ts'
import { readWorkbook } from '../support/xlsx-read.ts'

describe('the command line', () => {
  let dir: TempDir
  beforeAll(() => {
    dir = makeTempDir()
  })
  afterAll(() => dir.remove())
  const run = (...args: string[]) => runInProcess(args, dir.path)

  it('prints its version and its help', async () => {
    const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'))
    expect(await run('--version')).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' })
    const help = await run('--help')
    expect(help.exitCode).toBe(0)
    await expect(help.stdout).toMatchFileSnapshot('help.snap.txt')
    expect((await run('search', '--help')).stdout).toContain('--page-size N')
  })

  it.each([
    [['--upstrem', 'sample'], 2, 'Did you mean --upstream?'],
    [['frobnicate'], 2, 'Unknown command "frobnicate"'],
    [['search', 'a.jpg', '--upstream', 'ebay'], 2, '--upstream'],
    [['search', '/no/such/file.jpg'], 2, 'No readable file at /no/such/file.jpg'],
    [['search', 'photo.jpg', '--page', '0x2'], 2, '--page must be a whole number from 1 to 10000, not "0x2".'],
    [['report', 'photo.jpg', '--page-size', '61'], 2, '--page-size must be a whole number from 1 to 60, not "61".'],
    [['search'], 2, 'either a picture or --keyword'],
    [['search', 'photo.jpg', '--keyword', '口罩'], 2, 'either a picture or --keyword'],
    [['search', '--keyword', '口罩', '--max-price', 'cheap'], 2, '--max-price must be a decimal number'],
    [['details', '99999'], 3, 'no offer 99999'],
    [['details', '7000000001', '--upstream', 'parse'], 4, 'MCP1688_PARSE_API_KEY'],
    [['compare', '10001'], 2, 'compare needs'],
    [['compare', '10001', '10002', '--quantity', 'many'], 2, '--quantity must be a whole number'],
    [['catalogue', 'frobnicate'], 2, 'Unknown action "frobnicate"'],
    [['catalogue', 'sync', '--max-credits', '1e1'], 2, '--max-credits must be a whole number'],
    [['catalogue', 'import', 'a.csv', 'b.csv'], 2, 'Unexpected argument "b.csv"'],
    [['catalogue', 'remove', 'nosuch'], 3, 'has no offers from "nosuch". '],
  ])('%j exits with %i and an explanation on stderr', async (args, exitCode, words) => {
    const result = await run(...args)
    expect(result).toMatchObject({ exitCode, stdout: '' })
    expect(result.stderr).toContain(words)
  })

  it.each([
    [['search', '--keyword', '口罩', '--page', '0'], 2, { code: 'invalid_input', retryable: false }],
    [['details', '99999'], 3, { code: 'not_found', message: 'The sample catalogue has no offer 99999.' }],
    [['catalogue', 'import', '/no/such/file.csv'], 2, { code: 'invalid_input' }],
    [['catalogue', 'import', 'a.csv', '--pictures', '/no/such'], 2, { code: 'invalid_input' }],
    [['usage', '--upstream', 'ebay'], 2, { code: 'config_invalid' }],
    [['frobnicate'], 2, { code: 'invalid_input' }],
  ])('%j --json exits with %i and the reason as JSON', async (args, exitCode, error) => {
    const result = await run(...args, '--json')
    expect(result.exitCode).toBe(exitCode)
    const value = JSON.parse(result.stdout)
    expect(value).toEqual({ error: expect.objectContaining({ ...error, hint: expect.any(String) }) })
    expect(result.stderr).toContain(`error: ${value.error.message} ${value.error.hint}\n`)
  })

  it('prints in JSON when a limit ends, and a refused key without a stack', async () => {
    const upstream = await startParseServer({ rows: makeIndexRows(2, ['']) })
    const env = {
      MCP1688_PARSE_API_KEY: upstream.key,
      MCP1688_PARSE_BASE_URL: upstream.url,
      MCP1688_RATE_PER_MINUTE: '1',
      MCP1688_LOG_LEVEL: 'info',
    }
    const details = (id: string, more: Record<string, string> = {}) =>
      runInProcess(['details', id, '--json'], dir.path, { ...env, ...more })
    expect((await details('7000000001')).exitCode).toBe(0)
    const limited = await details('7000000099')
    expect(limited.exitCode).toBe(5)
    const refused = await details('7000000098', { MCP1688_PARSE_API_KEY: 'pmx_other_key' })
    await upstream.close()
    expect(JSON.parse(limited.stdout).error).toMatchObject({ code: 'rate_limited', retryable: true })
    expect(JSON.parse(limited.stdout).error.retry_after_s).toBeGreaterThan(0)
    expect(JSON.parse(refused.stdout).error).toMatchObject({ code: 'key_rejected', retryable: false })
    expect(refused).toMatchObject({
      exitCode: 4,
      stderr: expect.stringMatching(/^error: .*\n\(code: key_rejected.*\)\n$/),
    })
  })

  testOn(['linux'], 'says that its answer could not be written', async () => {
    const { command, args, env } = serverCommand(dir.path)
    const full = openSync('/dev/full', 'w')
    const { status, stderr } = spawnSync(command, [...args, 'usage'], { env, stdio: ['ignore', full, 'pipe'] })
    closeSync(full)
    expect(status).toBe(1)
    expect(String(stderr)).toContain('cannot write to stdout')
  })

  it('keeps serving after its log is closed', async () => {
    const { command, args, env } = serverCommand(dir.path, { MCP1688_LOG_LEVEL: 'info' })
    const child = spawn(command, args, { env })
    child.stderr.destroy()
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
    const ask = async (id: number, method: string, params: object) => {
      child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`)
      return JSON.parse((await lines.next()).value ?? '{}')
    }
    const clientInfo = { name: 'test', version: '1' }
    await ask(1, 'initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo })
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' })}\n`)
    for (const id of [2, 3])
      expect(await ask(id, 'tools/call', { name: 'get_usage' })).toMatchObject({ id, result: {} })
    child.stdin.end()
    expect(await once(child, 'close')).toEqual([0, null])
  })

  it('searches and shows details, as text and as JSON', async () => {
    const search = await run('search', DEMO_PHOTO, '--page-size', '3', '--json')
    expect(search.exitCode, search.stderr).toBe(0)
    const { products } = JSON.parse(search.stdout)
    expect(products).toHaveLength(3)
    const details = await run('details', products[0].offer_id)
    expect(details.stdout).toContain(`offer ${products[0].offer_id}:`)
  })

  it('compares offers, and writes the comparison as sheets', async () => {
    const sheets = ['--csv', path.join(dir.path, 'c.csv'), '--xlsx', path.join(dir.path, 'c.xlsx')]
    sheets.push('--html', path.join(dir.path, 'c.html'), '--photo', DEMO_PHOTO)
    const compared = await run('compare', '10001', '10002', '99999', '--quantity', '60', '--json', ...sheets)
    expect(compared.exitCode, compared.stderr).toBe(0)
    expect(JSON.parse(compared.stdout)).toMatchObject({ quantity: 60, failed: [{ offers: ['99999'] }] })
    expect(compared.stderr).toContain('with 2 of 2 pictures')
    expect(readFileSync(path.join(dir.path, 'c.csv'), 'utf8')).toContain('1716.00')
    const [offers] = await readWorkbook(readFileSync(path.join(dir.path, 'c.xlsx')))
    const [title] = offers?.rows ?? []
    expect(title && 'cells' in title ? title.cells[0]?.pictures : []).toHaveLength(1)
    expect(readFileSync(path.join(dir.path, 'c.html'), 'utf8')).toContain('alt="The picture that was searched by"')
    const plan = await run('compare', '10001', '10002', '--dry-run')
    expect(plan.stdout).toContain('comparing these 2 offers spends 0 credits')
  })

  it('searches by keyword, with filters', async () => {
    const search = await run('search', '--keyword', '口罩', '--max-price', '20', '--page-size', '2', '--json')
    expect(search.exitCode, search.stderr).toBe(0)
    const { query, products } = JSON.parse(search.stdout)
    expect(query).toBe('口罩')
    expect(products).toHaveLength(2)
    for (const { title } of products) expect(title).toContain('口罩')
  })

  it('shows the rates of costs.json and estimates by them', async () => {
    const home = { HOME: dir.path, XDG_CONFIG_HOME: path.join(dir.path, 'settings') }
    const costs = (...args: string[]) => runInProcess(['costs', ...args], dir.path, home)
    const file = path.join(dir.path, 'settings', 'mcp-1688', 'costs.json')
    expect(await costs('--path')).toEqual({ exitCode: 0, stdout: `${file}\n`, stderr: '' })
    expect((await costs()).stdout).toContain('No rates are kept.')
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, '{"freight_per_kg": 6.5, "currency": "USD", "exchange_rate": 7.1}')
    expect((await costs()).stdout).toContain('freight_per_kg: 6.5\n')
    expect(JSON.parse((await costs('--json')).stdout)).toMatchObject({ path: file, settings: { freight_per_kg: 6.5 } })
    writeFileSync(file, '{"freight_per_kg": "6.5"}')
    expect(await costs()).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('freight_per_kg') })
  })

  it('imports a file of offers, finds them, and exports them again', async () => {
    const csv = path.join(dir.path, 'mine.csv')
    const picture = path.join(ROOT, 'test/fixtures/unknown/building.webp')
    writeFileSync(csv, `标题,价格,起订量,图片,货号\n自有示例保温杯,12.50,20,building.webp,A-1\n没有图片,1,1,,A-2\n`)
    const imported = await run('catalogue', 'import', csv, '--pictures', path.dirname(picture))
    expect(imported.stderr).toContain('column "标题": title')
    expect(imported.stdout).toContain('1 offer imported, 1 row left out')
    expect(imported.stderr).toMatch(/line 3: /)
    const found = JSON.parse((await run('search', picture, '--json', '--page-size', '1')).stdout)
    expect(found).toMatchObject({ products: [{ title: '自有示例保温杯' }], source: { upstream: 'import' } })
    expect(found.match).toMatchObject({ best: 'same item', same_item: 1 })
    const details = await run('details', found.products[0].offer_id, '--json')
    expect(JSON.parse(details.stdout)).toMatchObject({ min_price: '12.50', moq: 20, source: { upstream: 'import' } })
    expect((await run('catalogue', 'export', '--source', 'import')).stdout).toContain('自有示例保温杯')
    for (const action of ['export --source', 'remove']) {
      const unknown = await run('catalogue', ...action.split(' '), 'imports')
      expect(unknown).toMatchObject({ exitCode: 3, stdout: '' })
      expect(unknown.stderr).toContain('has no offers from "imports". It has offers from import')
    }
    const nowhere = await run('catalogue', 'export', path.join(dir.path, 'no-such-folder', 'out.csv'))
    expect(nowhere).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('Cannot write ') })
    expect((await run('catalogue', 'stats')).stdout).toMatch(/import: 1 offer,/)
    const stats = JSON.parse((await run('catalogue', 'stats', '--json')).stdout)
    expect(stats).toContainEqual(expect.objectContaining({ source: 'import', offers: 1, with_picture: 1, compared: 1 }))
    expect((await run('catalogue', 'remove', 'import')).stdout).toContain('Removed 1 offer of import')
  })

  it('copies a catalogue to a folder of any name, and does not create one to read from', async () => {
    const folder = path.join(dir.path, 'postgres-backup')
    const nothing = await run('catalogue', 'copy', '--from', folder, '--to', 'files')
    expect(nothing).toMatchObject({ exitCode: 3, stdout: '' })
    expect(nothing.stderr).toContain(`There is no catalogue in ${folder}.`)
    expect(existsSync(folder)).toBe(false)
    await run('search', '--keyword', '口罩')
    const copied = await run('catalogue', 'copy', '--from', 'files', '--to', folder, '--json')
    expect(JSON.parse(copied.stdout).offers).toBeGreaterThan(0)
    expect(await run('catalogue', 'copy', '--from', folder, '--to', 'files', '--json')).toEqual(copied)
  })
})
