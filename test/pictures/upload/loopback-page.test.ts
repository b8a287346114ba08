/** The page for a photo and its server on this computer, with a store on disk. */
import { once } from 'node:events'
import http from 'node:http'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createLoopbackPage, type LoopbackPage } from '../../../src/pictures/upload/loopback-page.ts'
import { PAGE_TTL_MS, type PhotoStore } from '../../../src/pictures/upload/photo-store.ts'
import { createPickedPhotos, type PickedPhotos } from '../../../src/pictures/upload/picked-photos.ts'
import { createSqlitePhotoStore } from '../../../src/pictures/upload/sqlite/photo-store.ts'
import { createUploadPage } from '../../../src/pictures/upload/upload-page.ts'
import { CALL_BUDGET } from '../../../src/time/call-budget.ts'
import { makeTempDir, type TempDir } from '../../support/program.ts'

let dir: TempDir
let photos: PhotoStore
let loopback: LoopbackPage
let picked: PickedPhotos
beforeEach(() => {
  // Sockets go on in real time.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  dir = makeTempDir()
  photos = createSqlitePhotoStore({ dataDir: dir.path, now: Date.now })
  const readPage = async () => '<html lang="en"><style></style><script></script></html>'
  loopback = createLoopbackPage(createUploadPage({ photos, redraw: async bytes => bytes, readPage }))
  const open = { photos, owner: '', isOnePerson: true, openLoopback: loopback.open, now: Date.now }
  picked = createPickedPhotos(open)
})
afterEach(async () => {
  vi.useRealTimers()
  await loopback.close()
  await photos.close()
  dir.remove()
})

const send = (address: string) =>
  fetch(address, { method: 'POST', body: 'a photo', headers: { origin: new URL(address).origin } })
const isClosed = (address: string) =>
  expect.poll(() => fetch(address).then(String, (error: Error) => error.message)).toBe('fetch failed')

it('listens until the last open page is used', async () => {
  const first = await picked.open(null)
  const second = await picked.open(null)
  expect(new URL(second.address).origin).toBe(new URL(first.address).origin)
  expect((await send(second.address)).status).toBe(204)
  expect((await fetch(first.address)).status).toBe(200)
  expect((await send(first.address)).status).toBe(204)
  await isClosed(first.address)
  const third = await picked.open(null)
  expect((await fetch(third.address)).status).toBe(200)
})

it('listens until the last open page has expired', async () => {
  const { address } = await picked.open(null)
  vi.advanceTimersByTime(PAGE_TTL_MS - 1)
  expect((await fetch(address)).status).toBe(200)
  vi.advanceTimersByTime(1)
  await isClosed(address)
})

it('gives up an upload that is too slow, and the page stays open', async () => {
  const { address } = await picked.open(null)
  const headers = { origin: new URL(address).origin, 'content-length': '1000' }
  const request = http.request(address, { method: 'POST', headers })
  request.write('a')
  const failed = once(request, 'error')
  await expect.poll(() => vi.getTimerCount()).toBe(2)
  vi.advanceTimersByTime(CALL_BUDGET.upload.wireMs)
  await failed
  expect((await fetch(address)).status).toBe(200)
})

it('reads no more than 25 MB of a body without a length', async () => {
  const { address } = await picked.open(null)
  let sent = 0
  const request = http.request(address, { method: 'POST', headers: { origin: new URL(address).origin } })
  // It may be closed while more is written.
  request.on('error', () => undefined)
  const answer = once(request, 'response').then(
    ([response]) => Number(response.statusCode),
    () => 413,
  )
  const write = (): void => {
    while (sent < 30 && !request.destroyed) {
      sent += 1
      if (!request.write(Buffer.alloc(1_000_000))) return void request.once('drain', write)
    }
    request.end()
  }
  write()
  expect(await answer).toBe(413)
  expect((await fetch(address)).status).toBe(200)
})
