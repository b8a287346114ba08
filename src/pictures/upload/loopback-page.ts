/** Serves upload pages on this computer while any is open, for a server of one user (stdio). */
import { createServer, type Server } from 'node:http'
import { PAGE_TTL_MS } from './photo-store.ts'
import { UPLOAD_PATH, type UploadPage } from './upload-page.ts'

export interface LoopbackPage {
  /** Listens, if that is not done yet. @returns the origin of the pages' addresses. */
  open(): Promise<string>
  close(): Promise<void>
}

export function createLoopbackPage(page: UploadPage): LoopbackPage {
  let listening: Promise<{ server: Server; origin: string }> | null = null
  let idle: ReturnType<typeof setTimeout> | undefined

  const listen = async () => {
    const server = createServer((request, response) => {
      const { host } = request.headers
      const [path = ''] = (request.url ?? '').split('?')
      const origin = originOf(server)
      // Another name for this address would be a page of another site (DNS rebinding).
      if (`http://${host}` !== origin || !path.startsWith(UPLOAD_PATH)) return void response.writeHead(404).end()
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
  const close = async () => {
    clearTimeout(idle)
    const open = await listening?.catch(() => null)
    listening = null
    open?.server.closeAllConnections()
    open?.server.close()
  }
  return {
    async open() {
      listening ??= listen()
      const { origin } = await listening.catch(error => {
        listening = null
        throw error
      })
      clearTimeout(idle)
      idle = setTimeout(() => void close(), PAGE_TTL_MS)
      idle.unref()
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
