/** Serves upload pages on this computer while any is open, for a server of one user (stdio). */
import { createServer, type Server } from 'node:http'
import { PAGE_TTL_MS } from './photo-store.ts'
import { TAKEN, UPLOAD_PATH, type UploadPage } from './upload-page.ts'

export interface LoopbackPage {
  /** Listens for one more page, until the last one is used or has expired. @returns the origin of the pages' addresses. */
  open(): Promise<string>
  close(): Promise<void>
}

export function createLoopbackPage(page: UploadPage): LoopbackPage {
  let listening: Promise<{ server: Server; origin: string }> | null = null
  /** One for each open page; at its end the page has expired. */
  const ends: ReturnType<typeof setTimeout>[] = []

  const close = async () => {
    for (const end of ends.splice(0)) clearTimeout(end)
    const open = await listening?.catch(() => null)
    listening = null
    open?.server.close()
    open?.server.closeAllConnections()
  }
  /** Which page was used is not known here: that the oldest counts as used keeps the server at most a little longer. */
  const pageIsDone = () => {
    clearTimeout(ends.shift())
    if (ends.length === 0) void close()
  }
  const listen = async () => {
    const server = createServer((request, response) => {
      const { host } = request.headers
      const [path = ''] = (request.url ?? '').split('?')
      const origin = originOf(server)
      // Another name for this address would be a page of another site (DNS rebinding).
      if (`http://${host}` !== origin || !path.startsWith(UPLOAD_PATH)) return void response.writeHead(404).end()
      if (request.method === 'POST') response.once('finish', () => response.statusCode === TAKEN && pageIsDone())
      page({ request, response, path, origin }).catch(() => response.destroy())
    })
    server.headersTimeout = 5_000
    server.maxConnections = 16
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(0, '127.0.0.1', resolve)
    })
    // An open page does not keep the program running.
    server.unref()
    return { server, origin: originOf(server) }
  }
  return {
    async open() {
      listening ??= listen()
      const { origin } = await listening.catch(error => {
        listening = null
        throw error
      })
      ends.push(setTimeout(pageIsDone, PAGE_TTL_MS).unref())
      return origin
    },
    close,
  }
}

function originOf(server: Server): string {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the page has no address')
  return `http://127.0.0.1:${address.port}`
}
