import { readdirSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createKeptPictures, forgetPictures, withinBytes } from '../../src/pictures/kept-pictures.ts'
import { folderBytes } from '../../src/store/folder-bytes.ts'
import { makeTempDir, type TempDir } from '../support/program.ts'

let dir: TempDir
beforeEach(() => {
  dir = makeTempDir()
})
afterEach(() => dir.remove())

/** Only the first bytes decide what is kept. */
const jpeg = (name: string) => Buffer.from(`\xff\xd8\xff${name.padEnd(97)}`, 'latin1')

it('an account keeps as many bytes as it may, in a folder of its own, and the same picture once', async () => {
  const anas = createKeptPictures(dir.path, 'key:aaaaaaaa')
  const bens = createKeptPictures(dir.path, 'key:bbbbbbbb')
  const used = async () => folderBytes(anas.folder)
  const limited = withinBytes(anas, 250, used)
  const first = await limited.keep(jpeg('a'))
  await limited.keep(jpeg('b'))
  expect(await limited.keep(jpeg('a'))).toBe(first)
  await expect(limited.keep(jpeg('c'))).rejects.toThrow('1 kB for pictures and exports are used up')
  // Another import finds the same.
  await expect(withinBytes(anas, 250, used).keep(jpeg('c'))).rejects.toThrow('used up')
  expect(await withinBytes(bens, 250, async () => 0).keep(jpeg('a'))).not.toBe(first)
  // Exports share the room.
  await expect(withinBytes(bens, 250, async () => 200).keep(jpeg('b'))).rejects.toThrow('used up')
  expect(readdirSync(anas.folder)).toHaveLength(2)
})

it('pictures that no offer has any more make room, without those of others', async () => {
  const anas = createKeptPictures(dir.path, 'key:aaaaaaaa')
  const shared = createKeptPictures(dir.path)
  const [used] = [await anas.keep(jpeg('a')), await anas.keep(jpeg('b')), await shared.keep(jpeg('c'))]
  await forgetPictures(anas, new Set([used]))
  expect(readdirSync(anas.folder).map(name => path.basename(used).startsWith(name))).toEqual([true])
  expect(readdirSync(shared.folder).filter(name => name.endsWith('.jpeg'))).toHaveLength(1)
  await forgetPictures(createKeptPictures(dir.path, 'key:cccccccc'), new Set())
})
