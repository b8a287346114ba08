/** A real PostgreSQL cluster in a temporary folder, on a Unix socket, of the newest version that Debian installed. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const DEBIAN = '/usr/lib/postgresql'

export interface PostgresServer {
  /** URL of a database. @param schema first in the search path. */
  url(schema?: string): string
  /** Runs SQL with psql and returns its lines. */
  sql(text: string): string
  /** Kills the server with SIGKILL, and with it all connections. */
  kill(): Promise<void>
  /** Starts it again after it was killed. */
  start(): Promise<void>
  /** Stops it and deletes its files. */
  remove(): Promise<void>
}

/** `null` if PostgreSQL is not installed. */
function findPrograms(): string | null {
  if (!existsSync(DEBIAN)) return null
  const [newest] = readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a))
  const programs = path.join(DEBIAN, newest ?? '', 'bin')
  return existsSync(path.join(programs, 'initdb')) ? programs : null
}

const PROGRAMS = findPrograms()

/** Tests that need a server are skipped without one. */
export const HAS_POSTGRES = PROGRAMS !== null

/** PostgreSQL refuses to run as root; Debian's package creates a user for it. */
function owner(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {}
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

/** @param settings of postgresql.conf; `fsync` is off by default, because tests do not cover power cuts. */
export async function startPostgres(settings: Record<string, string> = { fsync: 'off' }): Promise<PostgresServer> {
  const programs = PROGRAMS ?? ''
  const user = owner()
  const folder = mkdtempSync(path.join(tmpdir(), 'mcp1688-pg-'))
  if (user.uid !== undefined && user.gid !== undefined) chownSync(folder, user.uid, user.gid)
  const data = path.join(folder, 'data')
  const as = { ...user, cwd: folder, env: { PATH: process.env.PATH ?? '', LC_ALL: 'C.UTF-8' } }
  execFileSync(path.join(programs, 'initdb'), ['-D', data, '-A', 'trust', '-U', 'postgres', '--no-sync'], {
    ...as,
    stdio: 'ignore',
  })
  const settingArgs = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const args = ['-D', data, '-k', folder, '-c', 'listen_addresses=', '-c', 'max_connections=60', ...settingArgs]
  let server: ChildProcess

  const sql = (text: string): string =>
    execFileSync('psql', ['-h', folder, '-U', 'postgres', '-AtqX', '-v', 'ON_ERROR_STOP=1', '-c', text], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()

  /** After a kill the server only starts once its old connections have noticed, so this retries. */
  const start = async (): Promise<void> => {
    for (let attempt = 0; attempt < 200; attempt++) {
      if (attempt === 0 || server.exitCode !== null)
        server = spawn(path.join(programs, 'postgres'), args, { ...as, stdio: 'ignore' })
      try {
        sql('SELECT 1')
        return
      } catch {
        await sleep(50)
      }
    }
    throw new Error('PostgreSQL does not start')
  }
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const exited = server.exitCode === null && server.signalCode === null ? once(server, 'exit') : null
    server.kill(signal)
    await exited
  }
  await start()
  return {
    url: (schema = 'public') =>
      `postgres://postgres@/postgres?host=${encodeURIComponent(folder)}&options=${encodeURIComponent(`-c search_path=${schema},public,pg_catalog`)}`,
    sql,
    kill: () => end('SIGKILL'),
    start,
    async remove() {
      await end('SIGQUIT')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
