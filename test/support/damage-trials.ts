/** Every file of the data folder, damaged in every way, and what the built program makes of it. */
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { connect } from '../../src/store/sqlite.ts'
import { systemClock } from '../../src/time/clock.ts'
import { openAuthorisation } from '../../src/upstreams/open1688/tokens.ts'
import { toolCall } from '../http/service.ts'
import { connectOverStdio } from './clients.ts'
import { overwrite, settle } from './file-damage.ts'
import { makeIndexRows } from './index-rows.ts'
import { startParseServer } from './parse-server.ts'
import { makeTempDir, ROOT, runProgram, serverCommand, type TempDir } from './program.ts'
import { seededRandom } from './seeded-random.ts'
import { startServe } from './serve-process.ts'

const KEPT_OFFER = '7000000001'
/** On the command line, and one by the key holder. */
const SPENT = 3
const APP_KEY = '1234567'
const NOBODY = 65_534

const random = seededRandom(11)
const noise = (bytes: number) => Uint8Array.from({ length: bytes }, () => random() * 256)
const pageInTheMiddle = (file: string) => Math.floor(statSync(file).size / 8192) * 4096

const remove = (file: string) => rmSync(file, { recursive: true, force: true })

const OF_ANY_FILE: Readonly<Record<string, (file: string) => void>> = {
  emptied: file => truncateSync(file, 0),
  'cut in the middle': file => truncateSync(file, Math.floor(statSync(file).size / 2)),
  'overwritten with noise': file => overwrite(file, noise(Math.min(100, statSync(file).size)), 0),
  'replaced by text': file => writeFileSync(file, 'not what was here\n'.repeat(9)),
  'a folder': file => {
    remove(file)
    mkdirSync(file)
  },
  'a link to nothing': file => {
    remove(file)
    symlinkSync(`${path.dirname(file)}/nowhere/nothing`, file)
  },
  unreadable: file => chmodSync(file, 0o000),
}

const OF_A_DATABASE: typeof OF_ANY_FILE = {
  ...OF_ANY_FILE,
  'cut after its first bytes': file => truncateSync(file, 100),
  'zeroed in the middle': file => overwrite(file, new Uint8Array(4096), pageInTheMiddle(file)),
  'noisy in the middle': file => overwrite(file, noise(8192), pageInTheMiddle(file)),
  'of a newer version': file => {
    const database = connect(file)
    database.exec('PRAGMA user_version = 99')
    database.close()
  },
}

const DELETED: typeof OF_ANY_FILE = { deleted: remove }

interface DamagedFile {
  name: string
  pathIn(dir: string): string
  kinds: typeof OF_ANY_FILE
}

const named = (name: string, kinds: typeof OF_ANY_FILE, file = name): DamagedFile => ({
  name,
  kinds,
  pathIn: dir => path.join(dir, file),
})

const ledgerIn = (folder: string) =>
  path.join(folder, readdirSync(folder).find(name => /^ledger-\w+\.db$/.test(name)) ?? 'no ledger')

const QUARANTINED = `decoder/${'ab'.repeat(32)}.json`

export const DAMAGED_FILES: readonly DamagedFile[] = [
  named('cache.db', OF_A_DATABASE),
  named('catalogue.db', OF_A_DATABASE),
  named('own.db', { ...OF_A_DATABASE, ...DELETED }),
  { name: 'ledger', pathIn: ledgerIn, kinds: { ...OF_A_DATABASE, ...DELETED } },
  { name: 'account', pathIn: dir => ledgerIn(path.join(dir, 'accounts')), kinds: { ...OF_A_DATABASE, ...DELETED } },
  named('keys.db', { ...OF_A_DATABASE, ...DELETED }),
  named('keys.pepper', { ...OF_ANY_FILE, ...DELETED }),
  named('open1688-tokens.db', OF_A_DATABASE),
  named('photos.db', OF_A_DATABASE),
  named('costs.json', OF_ANY_FILE, '.config/mcp-1688/costs.json'),
  named('a quarantined picture', OF_ANY_FILE, QUARANTINED),
]

export const TRIALS = DAMAGED_FILES.flatMap(file => Object.keys(file.kinds).map(kind => ({ file, kind })))

export interface Verdict {
  file: string
  kind: string
  /** Whether anybody without a key was answered. */
  isOpen: boolean
  /** `healed`: everything works as before. `said`: the file is named. `silent`: neither. */
  outcome: 'healed' | 'said' | 'silent'
  output: string
}

export interface Trials {
  try(file: DamagedFile, kind: string): Promise<Verdict>
  close(): Promise<void>
}

/** Fills a data folder once; each trial damages a copy of it. */
export async function prepareTrials(): Promise<Trials> {
  const template = makeTempDir()
  const upstream = await startParseServer({ rows: makeIndexRows(20, ['']), ratePerMinute: 10_000, credits: 100_000 })
  const env = {
    MCP1688_PARSE_API_KEY: upstream.key,
    MCP1688_PARSE_BASE_URL: upstream.url,
    MCP1688_TIER: 'developer',
    MCP1688_OPEN1688_APP_KEY: APP_KEY,
    MCP1688_OPEN1688_APP_SECRET: 'damage-trials',
    MCP1688_OPEN1688_BASE_URL: 'http://127.0.0.1:9',
    MCP1688_UPSTREAM: 'parse,open1688',
  }
  const key = await fill(template.path, env)
  return {
    async try(file, kind) {
      const dir = makeTempDir()
      cpSync(template.path, dir.path, { recursive: true })
      const target = file.pathIn(dir.path)
      const name = path.basename(target)
      file.kinds[kind]?.(target)
      if (name.endsWith('.db')) for (const end of ['-wal', '-shm']) remove(`${target}${end}`)
      try {
        return { file: file.name, kind, ...(await judge(dir, name, key, env)) }
      } finally {
        dir.remove()
      }
    },
    async close() {
      await upstream.close()
      template.remove()
    },
  }
}

async function fill(dir: string, env: Record<string, string>): Promise<string> {
  const run = (...args: string[]) => runProgram(args, dir, env)
  const added = await run('keys', 'add', '--name', 'Ana', '--tier', 'developer', '--json')
  const key: string = JSON.parse(added.stdout).key
  for (let offer = 0; offer < SPENT; offer++) await run('details', String(Number(KEPT_OFFER) + offer))
  cpSync(path.join(ROOT, 'assets/sample/pictures/mug-01.webp'), path.join(dir, 'mug.webp'))
  writeFileSync(path.join(dir, 'offers.csv'), 'title,price,image\nown cup,1,mug.webp\n')
  await run('catalogue', 'import', path.join(dir, 'offers.csv'))
  const server = await startServe(dir, env)
  await postTo(server.url, 'get_product_details', { offer_id: '7000000008' }, key)
  await server.close()
  const client = await connectOverStdio('v2 client, 2026 wire', serverCommand(dir, env))
  await client.call('pick_photo')
  await client.close()
  const tokens = openAuthorisation({
    file: path.join(dir, 'open1688-tokens.db'),
    appKey: APP_KEY,
    accessToken: null,
    refreshToken: null,
    clock: systemClock,
  })
  await tokens.update(async () => ({ accessToken: 'at', refreshToken: 'rt', expiresAt: Date.now() + 36_000_000 }))
  tokens.close()
  mkdirSync(path.join(dir, '.config/mcp-1688'), { recursive: true })
  writeFileSync(path.join(dir, '.config/mcp-1688/costs.json'), JSON.stringify({ duty_rate: 7.5 }))
  mkdirSync(path.join(dir, 'decoder'), { recursive: true })
  writeFileSync(path.join(dir, QUARANTINED), JSON.stringify({ ends: 1, reason: 'memory' }))
  for (const file of DAMAGED_FILES.map(each => each.pathIn(dir))) if (file.endsWith('.db')) settle(file)
  return key
}

/** Root may read everything, so that the program runs as another user. */
function asPerson(dir: TempDir): string[] {
  if (process.getuid?.() !== 0) return []
  execFileSync('chown', ['-R', String(NOBODY), dir.path])
  return ['setpriv', `--reuid=${NOBODY}`, '--clear-groups']
}

async function judge(
  dir: TempDir,
  name: string,
  key: string,
  env: Record<string, string>,
): Promise<Pick<Verdict, 'isOpen' | 'outcome' | 'output'>> {
  const under = asPerson(dir)
  // An emptied cache cannot be told from a new one: its answers are paid for again, as the reply says.
  const [more, spent] = name === 'cache.db' ? [1, '[01]'] : [0, '0']
  const output: string[] = []
  let works = true
  let isOpen = false
  const expectIn = (text: string, wanted: string | RegExp): void => {
    output.push(text)
    works &&= wanted instanceof RegExp ? wanted.test(text) : text.includes(wanted)
  }
  try {
    const server = await startServe(dir.path, env, under)
    isOpen = (await postTo(server.url, 'get_usage', {}, null)).status === 200
    const call = async (tool: string, input: Record<string, unknown>) =>
      (await postTo(server.url, tool, input, key)).text
    expectIn(await call('get_product_details', { offer_id: KEPT_OFFER }), new RegExp(`"credits":{"spent":${spent}`))
    expectIn(await call('get_usage', {}), new RegExp(`"credits_used":[1${1 + more}],`))
    expectIn(await call('get_product_details', { offer_id: '7000000009' }), /"credits":\{"spent":1/)
    await server.close()
    output.push(server.stderr())
  } catch (error) {
    works = false
    output.push(String(error))
  }
  const command = serverCommand(dir.path, env)
  const [program = '', ...args] = [...under, command.command, ...command.args]
  const client = await connectOverStdio('v2 client, 2026 wire', { ...command, command: program, args })
  const call = async (tool: string, input: Record<string, unknown>) => (await client.call(tool, input)).text
  const usage = await call('get_usage', {})
  expectIn(usage, new RegExp(`credits: (${5_000 - SPENT - 2}|${5_000 - SPENT - 2 - more}) of`))
  expectIn(usage, /catalogue: .*import 1 offer/)
  expectIn(await call('pick_photo', {}), 'http://')
  expectIn(await call('estimate_landed_cost', { offer_ids: [KEPT_OFFER], quantity: 10 }), '7.5')
  await client.close()
  if (name.startsWith('open1688')) {
    const [first = '', ...rest] = [...under, process.execPath, ...command.args.slice(0, 1), 'doctor']
    expectIn(doctorOf(first, rest, dir.path, env), /open1688, network/)
  }
  const text = output.join('\n')
  const stem = path.parse(name).name
  const isSaid =
    text.includes(name) || text.includes(`${stem}.damaged-`) || text.includes('mcp-1688 authorize open1688')
  return { isOpen, outcome: works ? 'healed' : isSaid ? 'said' : 'silent', output: text }
}

function doctorOf(program: string, args: string[], dir: string, env: Record<string, string>): string {
  try {
    return execFileSync(program, args, {
      env: serverCommand(dir, env).env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  } catch (error) {
    return error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error)
  }
}

async function postTo(url: string, tool: string, input: Record<string, unknown>, key: string | null) {
  const { method, body, headers } = toolCall(tool, input)
  const response = await fetch(`${url}/mcp`, {
    method,
    body,
    headers: { ...headers, ...(key === null ? {} : { 'x-api-key': key }) },
  })
  return { status: response.status, text: await response.text() }
}
