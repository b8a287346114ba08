import { readdirSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createExportFolder, exportFileOf } from '../../src/exports/export-folder.ts'
import { makeTempDir, type TempDir } from '../support/program.ts'

describe('the folder of exports', () => {
  let dir: TempDir
  beforeEach(() => {
    dir = makeTempDir()
  })
  afterEach(() => dir.remove())
  const folder = () => path.join(dir.path, 'exports')
  const fileOf = (index: number) => exportFileOf('csv', Buffer.from('a'), 0, String(index).padStart(4, '0'))

  it('holds a file until a hundred newer ones are there, and touches no other file', async () => {
    const exports = createExportFolder(folder())
    const first = await exports.save(fileOf(0))
    utimesSync(first, 1, 1)
    writeFileSync(path.join(folder(), 'mine.csv'), 'mine')
    for (let index = 1; index <= 100; index++) await exports.save(fileOf(index))
    expect(await exports.read(fileOf(0).name)).toBeNull()
    expect(await exports.read(fileOf(1).name)).toMatchObject({ mediaType: 'text/csv' })
    expect(readdirSync(folder())).toHaveLength(101)
    expect(readdirSync(folder())).toContain('mine.csv')
  })

  it('reads only its own files', async () => {
    const exports = createExportFolder(folder())
    await exports.save(fileOf(0))
    writeFileSync(path.join(folder(), 'mine.csv'), 'mine')
    for (const name of ['mine.csv', '../exports/mine.csv', '1688-offers-/../../x.csv', '1688-offers-x.db', '']) {
      expect(await exports.read(name), name).toBeNull()
    }
  })

  it('names a file by the time at which it was made', () => {
    const { name } = exportFileOf('xlsx', new Uint8Array(), Date.UTC(2026, 10, 28, 20, 5, 9), 'a1b2')
    expect(name).toBe('1688-offers-20261128-200509-a1b2.xlsx')
  })
})
