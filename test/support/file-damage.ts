import { closeSync, openSync, statSync, truncateSync, writeFileSync, writeSync } from 'node:fs'
import { numberIn } from '../../src/store/row.ts'
import { connect } from '../../src/store/sqlite.ts'
import { seededRandom } from './seeded-random.ts'

const random = seededRandom(7)
const noise = (bytes: number) => Uint8Array.from({ length: bytes }, () => random() * 256)

export function overwrite(file: string, bytes: Uint8Array, at: number): void {
  const opened = openSync(file, 'r+')
  writeSync(opened, bytes, 0, bytes.length, at)
  closeSync(opened)
}

/**
 * Moves everything into the file itself, so that damage to it is not covered by the log. Connections that are open read
 * the file again, since it has changed for them.
 */
export function settle(file: string): void {
  const database = connect(file)
  const version = numberIn(database.prepare('PRAGMA user_version').get(), 'user_version')
  database.exec(`PRAGMA user_version = ${version}`)
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  database.close()
}

/** A page's start near the middle of the file: in a small catalogue, pages of rows begin before. */
const middleOf = (file: string) => Math.floor((0.6 * statSync(file).size) / 4096) * 4096

/** What disks, copies and people do to a database file. */
export const FILE_DAMAGE: readonly [name: string, damage: (file: string) => void][] = [
  ['noise in its header', file => overwrite(file, noise(100), 0)],
  ['zeros in its header', file => overwrite(file, new Uint8Array(100), 0)],
  ['8 kB of noise in the middle', file => overwrite(file, noise(8192), middleOf(file))],
  ['a zeroed page in the middle', file => overwrite(file, new Uint8Array(4096), middleOf(file))],
  ['noise after its first page', file => overwrite(file, noise(statSync(file).size - 4096), 4096)],
  ['its second half missing', file => truncateSync(file, middleOf(file))],
  ['another text', file => writeFileSync(file, 'not a database at all\n'.repeat(400))],
]

/** One kind that every file of more than a page has room for. */
export const damageFile = (file: string): void => overwrite(file, noise(100), 0)
