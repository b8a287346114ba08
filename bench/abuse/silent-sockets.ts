/** 1,500 connections of one address that send nothing, for ten seconds: who else is served. */
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeTempDir } from '../../test/support/program.ts'
import { startServe } from '../../test/support/serve-process.ts'

const SILENT = 1_500
const CALLERS = 12

const dir = makeTempDir()
const server = await startServe(dir.path)
const port = Number(new URL(server.url).port)

const call = (localAddress: string) =>
  new Promise<boolean>(resolve => {
    const socket = connect({ port, host: '127.0.0.1', localAddress })
    socket.on('error', () => resolve(false)).on('close', () => resolve(false))
    socket.once('data', data => {
      resolve(data.toString().startsWith('HTTP/1.1 200 '))
      socket.destroy()
    })
    socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n')
  })

let isOver = false
const silent = new Set<ReturnType<typeof connect>>()
/** Opens a new one for each that is closed. */
const keepOpen = (): void => {
  const socket = connect({ port, host: '127.0.0.1', localAddress: '127.0.0.2' })
  silent.add(socket)
  socket
    .on('error', () => undefined)
    .on('close', () => {
      silent.delete(socket)
      if (!isOver) setTimeout(keepOpen, 100)
    })
  socket.resume()
}
for (let index = 0; index < SILENT; index++) keepOpen()

console.log('| after | other callers served | from the same address |\n|---|---|---|')
for (const second of [0, 1, 2, 4, 8]) {
  const served = (await Promise.all(Array.from({ length: CALLERS }, () => call('127.0.0.3')))).filter(Boolean).length
  const own = (await Promise.all(Array.from({ length: CALLERS }, () => call('127.0.0.2')))).filter(Boolean).length
  console.log(`| ${second} s | ${served} of ${CALLERS} | ${own} of ${CALLERS} |`)
  if (served < CALLERS) process.exitCode = 1
  await sleep(Math.max(1, second) * 1_000)
}
isOver = true
for (const socket of silent) socket.destroy()
await server.close()
dir.remove()
