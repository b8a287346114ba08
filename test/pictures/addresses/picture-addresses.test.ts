import { rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createPictureAddresses } from '../../../src/pictures/addresses/picture-addresses.ts'
import { secretInFile } from '../../../src/pictures/addresses/signing-secret.ts'
import { makeTempDir, type TempDir } from '../../support/program.ts'

const DAY_MS = 86_400_000
const OWNER = 'key:1a2b3c4d'
const ID = '9123456789012345'

let dir: TempDir
let now = 20_000 * DAY_MS
beforeEach(() => {
  dir = makeTempDir()
  now = 20_000 * DAY_MS + 5_000
})
afterEach(() => dir.remove())

const server = () => createPictureAddresses(secretInFile(dir.path), () => now)
const signed = async (owner = OWNER, id = ID) => (await server().signer(owner))(id)
const open = (address: string, by = server()) => {
  const { pathname, searchParams } = new URL(address, 'http://localhost')
  return by.open(pathname, searchParams)
}

it('another server with the same data opens an address for a week', async () => {
  const address = await signed()
  expect(await open(address)).toMatchObject({ owner: OWNER, offerId: ID })
  now += 7 * DAY_MS - 10_000
  expect(await open(address)).not.toBeNull()
  now += DAY_MS
  expect(await open(address)).toBeNull()
})

it('is the same all day, so that a browser loads a picture once', async () => {
  const address = await signed()
  now += DAY_MS - 10_000
  expect(await signed()).toBe(address)
  now += DAY_MS
  expect(await signed()).not.toBe(address)
})

it.each<[what: string, change: (address: string) => string]>([
  ['the offer', address => address.replace(ID, '9123456789012346')],
  ['the owner', address => address.replace('1a2b3c4d', '1a2b3c4e')],
  ['the kind of owner', address => address.replace(OWNER, 'operator')],
  ['the size', address => address.replace('~800~', '~8000~')],
  ['the day', address => address.replace('s=20000', 's=20001')],
  ['a character of the signature', address => address.replace(/.(?=.{9}$)/, found => (found === 'A' ? 'B' : 'A'))],
  [
    'a bit of the last character that no byte has',
    // The bit decides between neighbours in the alphabet of base64url; the last of a signature is A, Q, g or w.
    address => address.replace(/.$/, last => String.fromCharCode(last.charCodeAt(0) + 1)),
  ],
  ['the length of the signature', address => address.slice(0, -1)],
  ['no signature', address => address.replace(/\?.*/, '')],
])('does not open with %s changed', async (_what, change) => {
  const address = await signed()
  expect(change(address)).not.toBe(address)
  expect(await open(change(address))).toBeNull()
})

it('a secret that was lost or damaged is made again, and earlier addresses no longer open', async () => {
  const address = await signed()
  const file = path.join(dir.path, 'pictures.secret')
  if (process.platform !== 'win32') expect(statSync(file).mode & 0o077).toBe(0)
  writeFileSync(file, 'short')
  expect(await open(address)).toBeNull()
  rmSync(file)
  expect(await open(await signed())).not.toBeNull()
})

it('recognises its own address even when it has expired, and no other', async () => {
  const address = new URL(await signed(), 'https://shop.example.com')
  now += 30 * DAY_MS
  expect(await server().offerAt(address)).toBe(ID)
  expect(
    await server().offerAt(new URL(`https://shop.example.com/pictures/${ID}?s=20000~800~${OWNER}~${'A'.repeat(22)}`)),
  ).toBeNull()
  expect(await server().offerAt(new URL('https://cbu01.alicdn.com/img/a.jpg'))).toBeNull()
})
