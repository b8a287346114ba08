/** A server on loopback whose answers a test writes, on a network in which it plays every public host. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import { createPictureReader, type PictureReader, type PictureReaderOptions } from '../../src/pictures/reader.ts'
import { listenOnLoopback } from './loopback.ts'
import { createStubNetwork, type StubNetwork } from './stub-network.ts'

export interface Asked {
  /** Host, path and query. */
  address: string
  headers: IncomingHttpHeaders
}

export interface ScriptedServer {
  network: StubNetwork
  /** That follows pages. */
  reader: PictureReader
  asked: readonly Asked[]
  close(): Promise<void>
}

/** @param answer for `host/path?query`. */
export async function startScriptedServer(
  answer: (asked: Asked, response: ServerResponse) => void,
  hosts: readonly string[] = ['shop.example.com', 'cdn.example.com'],
  options: Partial<PictureReaderOptions> = {},
): Promise<ScriptedServer> {
  const asked: Asked[] = []
  const server = createServer({ maxHeaderSize: 131_072 }, (request, response) => {
    const seen = { address: `${request.headers.host}${request.url}`, headers: request.headers }
    asked.push(seen)
    answer(seen, response)
  })
  const { port, close } = await listenOnLoopback(server)
  const network = createStubNetwork(Object.fromEntries(hosts.map(host => [host, [['93.184.215.14']]])), port)
  const { resolve, createConnector } = network
  const settings = { sampleDir: 'none', allowFiles: false, readsPages: true, ...options }
  const reader = createPictureReader({ ...settings, resolve, createConnector })
  return {
    network,
    reader,
    asked,
    close: async () => {
      await reader.close()
      await close()
    },
  }
}
