import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import fc from 'fast-check'
import { afterEach, expect, it } from 'vitest'
import { limitConnections } from '../../../src/http/server/connections.ts'
import { type Loopback, listenOnLoopback } from '../../support/loopback.ts'

let tested: Loopback
afterEach(() => tested.close())

async function start(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<void> {
  const server = createServer({ requireHostHeader: false }, (request, response) => {
    connections.began(response)
    answer(request, response)
  })
  const connections = limitConnections(server, { perAddress: null }, () => performance.now())
  tested = await listenOnLoopback(server)
}

/** Sends the parts as separate packets. @returns what came back until `isEnough`. */
const send = (parts: readonly string[], isEnough: (received: string) => boolean) =>
  new Promise<string>((resolve, reject) => {
    const socket = connect({ port: tested.port, host: '127.0.0.1' }).setNoDelay()
    let received = ''
    socket.on('error', reject).on('close', () => resolve(received))
    socket.setEncoding('utf8').on('data', text => {
      received += text
      if (isEnough(received)) socket.destroy()
    })
    const [part = '', ...others] = parts
    const rest = [...others]
    const sendNext = (): void => {
      const next = rest.shift()
      if (next !== undefined) socket.write(next, () => setImmediate(sendNext))
    }
    socket.write(part, () => setImmediate(sendNext))
  })

const countOf = (text: string, part: string) => text.split(part).length - 1

it('of 1,400 requests in one packet, 8 exist at a time, and all are answered in turn', async () => {
  const open: ServerResponse[] = []
  let most = 0
  await start((request, response) => {
    open.push(response)
    most = Math.max(most, open.length)
    response.once('close', () => open.splice(open.indexOf(response), 1))
    setImmediate(() => response.end(`[${request.url}]`))
  })
  const packet = Array.from({ length: 1_400 }, (_, index) => `GET /${index} HTTP/1.1\r\n\r\n`).join('')
  const received = await send([packet], text => text.includes('[/1399]'))
  expect(received.match(/\[\/\d+\]/g)).toEqual(Array.from({ length: 1_400 }, (_, index) => `[/${index}]`))
  expect(most).toBe(8)
})

it('while 8 answers are not made, no further request is parsed', async () => {
  let parsed = 0
  await start(() => void parsed++)
  const sent = send(['GET / HTTP/1.1\r\n\r\n'.repeat(500)], () => false)
  await expect.poll(() => parsed).toBe(8)
  // Whatever was read with them has been handed over by now.
  await new Promise(setImmediate)
  expect(parsed).toBe(8)
  await tested.close()
  expect(await sent).toBe('')
})

/** With blank lines inside, which look like the end of headers. */
const body = fc.array(fc.constantFrom('\r\n\r\n', 'GET / HTTP/1.1\r\n\r\n', 'x', '\r', '0\r\n\r\n'), { maxLength: 6 })
const request = fc.record({ body: body.map(parts => parts.join('')), isChunked: fc.boolean() })

function textOf({ body, isChunked }: { body: string; isChunked: boolean }): string {
  if (!isChunked) return `POST / HTTP/1.1\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  const chunk = body === '' ? '' : `${body.length.toString(16)}\r\n${body}\r\n`
  return `POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}0\r\n\r\n`
}

function splitAt(text: string, cuts: readonly number[]): string[] {
  const at = [...new Set(cuts.map(cut => cut % text.length))].sort((a, b) => a - b)
  return [...at, text.length].map((end, index) => text.slice(at[index - 1] ?? 0, end)).filter(part => part !== '')
}

it('requests arrive whole wherever the bytes are split, and whatever their bodies hold', async () => {
  await start((incoming, response) => {
    let text = ''
    incoming.setEncoding('latin1').on('data', part => {
      text += part
    })
    incoming.on('end', () => response.end(`[${Buffer.from(text).toString('hex')}]`))
  })
  await fc.assert(
    fc.asyncProperty(
      fc.array(request, { minLength: 1, maxLength: 20 }),
      fc.array(fc.nat(), { maxLength: 6 }),
      async (requests, cuts) => {
        const parts = splitAt(requests.map(textOf).join(''), cuts)
        const received = await send(parts, text => countOf(text, ']') === requests.length)
        expect(received.match(/\[[0-9a-f]*\]/g)).toEqual(
          requests.map(sent => `[${Buffer.from(sent.body).toString('hex')}]`),
        )
      },
    ),
    { numRuns: 100 },
  )
})

it('a body larger than anybody reads stops the connection, and goes on when it is read', async () => {
  const length = 8 * 1024 * 1024
  let unread: IncomingMessage | undefined
  await start((incoming, response) => {
    unread = incoming
    incoming.on('end', () => response.end('[whole]'))
  })
  const sent = send([`POST / HTTP/1.1\r\nContent-Length: ${length}\r\n\r\n`, '\r\n\r\n'.repeat(length / 4)], text =>
    text.includes('[whole]'),
  )
  await expect.poll(() => unread?.readableLength ?? 0).toBeGreaterThan(0)
  expect(unread?.readableLength).toBeLessThan(1024 * 1024)
  unread?.resume()
  expect(await sent).toContain('[whole]')
})
