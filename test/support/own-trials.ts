/** What happens to a file of imported offers, and how many of them the built program still has. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, copyFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect } from '../../src/store/sqlite.ts'
import { FILE_DAMAGE, settle } from './file-damage.ts'
import { makeTempDir, ROOT, runProgram, serverCommand } from './program.ts'
import { straceProblem } from './strace.ts'

const LATER = 40
const NOBODY = 65_534

export interface OwnResult {
  /** Imported before the damage. */
  imported: number
  left: number
  /** Whether the catalogue, with the same offers, was deleted as well. */
  isCatalogueLost: boolean
  /** What the next reply says. */
  note: string
}

export interface OwnTrial {
  kind: string
  /** Whether the file itself was damaged, so that the figures are said. */
  isDamage: boolean
  run(offers: number, isCatalogueLost: boolean): Promise<OwnResult>
}

type Fault = (file: string, dir: string) => unknown

/** Imports `offers`, then {@link LATER} more, before which the first are copied; then comes the fault. */
const trial = (kind: string, isDamage: boolean, fault: Fault): OwnTrial => ({
  kind,
  isDamage,
  async run(offers, isCatalogueLost) {
    const dir = makeTempDir()
    const file = path.join(dir.path, 'own.db')
    try {
      await importInto(dir.path, 'first', offers)
      await importInto(dir.path, 'later', LATER)
      settle(file)
      if (isCatalogueLost) removeDatabase(path.join(dir.path, 'catalogue.db'))
      await fault(file, dir.path)
      const usage = await runProgram(['usage', '--json'], dir.path, {})
      const { catalogue, note } = JSON.parse(usage.stdout)
      const left = catalogue.find((each: { source: string }) => each.source === 'import')?.offers ?? 0
      return { imported: offers + LATER, left, isCatalogueLost, note: note ?? '' }
    } finally {
      dir.remove()
    }
  },
})

export const OWN_TRIALS: readonly OwnTrial[] = [
  ...FILE_DAMAGE.map(([kind, damage]) => trial(kind, true, damage)),
  trial('emptied', true, file => writeFileSync(file, '')),
  trial('a deleted log after a crash', false, async (file, dir) => {
    await killedImport(dir, 1_500)
    rmSync(`${file}-wal`, { force: true })
    rmSync(`${file}-shm`, { force: true })
  }),
  trial('killed in an import', false, async (_file, dir) => {
    for (const ms of [500, 800, 1_100]) await killedImport(dir, ms)
  }),
  trial('a newer version', false, file => {
    const database = connect(file)
    database.exec('PRAGMA user_version = 99')
    database.close()
  }),
  trial('read-only', false, async (file, dir) => {
    chmodSync(file, 0o444)
    refuses(importUnder(asPerson(dir), dir))
    chmodSync(file, 0o600)
  }),
  trial('a full disk', false, async (_file, dir) => {
    if (straceProblem() !== null) return
    refuses(importUnder(['strace', '-f', '-qq', '-o', '/dev/null', '-e', 'inject=pwrite64:error=ENOSPC'], dir))
  }),
]

function writeRows(dir: string, name: string, count: number): string {
  const rows = Array.from({ length: count }, (_, row) => `${name} cup ${row},${row + 1},mug.webp`)
  copyFileSync(path.join(ROOT, 'assets/sample/pictures/mug-01.webp'), path.join(dir, 'mug.webp'))
  const file = path.join(dir, `${name}.csv`)
  writeFileSync(file, ['title,price,image', ...rows].join('\n'))
  return file
}

async function importInto(dir: string, name: string, count: number): Promise<void> {
  const { exitCode, stderr } = await runProgram(['catalogue', 'import', writeRows(dir, name, count)], dir, {})
  if (exitCode !== 0) throw new Error(stderr)
}

/** Its offers are in the folder completely, in part or not at all. */
async function killedImport(dir: string, afterMs: number): Promise<void> {
  const { command, args, env } = serverCommand(dir)
  const file = writeRows(dir, 'killed', LATER)
  const child = spawn(command, [...args, 'catalogue', 'import', file], { env, stdio: 'ignore' })
  const closed = once(child, 'close')
  await Promise.race([sleep(afterMs), closed])
  child.kill('SIGKILL')
  await closed
}

/** Root may write everything. */
function asPerson(dir: string): string[] {
  if (process.getuid?.() !== 0) return []
  execFileSync('chown', ['-R', String(NOBODY), dir])
  return ['setpriv', `--reuid=${NOBODY}`, '--clear-groups']
}

function importUnder(under: readonly string[], dir: string): string {
  const { command, args, env } = serverCommand(dir)
  const [program = '', ...rest] = [...under, command, ...args, 'catalogue', 'import', writeRows(dir, 'refused', 3)]
  try {
    return execFileSync(program, rest, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  } catch (error) {
    return error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error)
  }
}

function refuses(output: string): void {
  if (!output.includes('store_unavailable')) throw new Error(`an import was not refused: ${output}`)
}

function removeDatabase(file: string): void {
  for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true })
}

/** What is wrong with a result; `null` if nothing is. */
export function faultOf({ isDamage }: OwnTrial, { imported, left, isCatalogueLost, note }: OwnResult): string | null {
  // The newest copy has all but the later offers.
  const held = isDamage && isCatalogueLost ? imported - LATER : imported
  if (left < held) return `${held - left} offers were lost that a copy or the catalogue held`
  return isDamage && !note.includes(String(left)) ? `the reply does not say ${left}: ${note}` : null
}
