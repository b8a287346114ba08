/**
 * Hands the bytes of a connection to Node's parser one request at a time. By itself it parses all that has arrived, so
 * that 64 kB of pipelined requests become 1,400 objects at once.
 */
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'

/** Every request's headers end so; Node refuses any other line ends. */
const END_OF_HEADERS = '\r\n\r\n'

export interface RequestFeed {
  /** Called while the parser reports a request, for the length of its body. */
  began(request: IncomingMessage): void
  /** Called whenever the connection may have room for a request again. */
  goOn(): void
}

/** Called when Node has set up the connection. @param isFull whether no further request is to be parsed. */
export function feedRequests(socket: Socket, isFull: () => boolean): RequestFeed {
  const [parse] = socket.listeners('data')
  let rest: Buffer = Buffer.alloc(0)
  let bodyBytes = 0
  /** Whether we paused the socket. Node does as well, while a body or the answers are not read, and resumes by itself. */
  let isHeld = false

  const next = (): Buffer => {
    const end = rest.indexOf(END_OF_HEADERS)
    const length = bodyBytes > 0 ? bodyBytes : end === -1 ? rest.length : end + END_OF_HEADERS.length
    const slice = rest.subarray(0, length)
    rest = rest.subarray(length)
    return slice
  }
  const feed = (): void => {
    while (rest.length > 0 && !socket.destroyed && !socket.isPaused()) {
      if (bodyBytes === 0 && isFull()) {
        isHeld = true
        socket.pause()
        return
      }
      const slice = next()
      bodyBytes = Math.max(0, bodyBytes - slice.length)
      if (parse) Reflect.apply(parse, socket, [slice])
    }
  }

  socket.removeAllListeners('data')
  socket.on('data', (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    feed()
  })
  socket.on('resume', feed)
  socket.once('close', () => {
    rest = Buffer.alloc(0)
  })
  return {
    began({ headers }) {
      bodyBytes = Number(headers['content-length'] ?? 0)
    },
    goOn() {
      if (!isHeld || isFull() || socket.destroyed) return
      isHeld = false
      socket.resume()
    },
  }
}
