/** A local embedding service: a real HTTP server that answers with a vector, or as ordered. */
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { listenOnLoopback } from './loopback.ts'

export type Answer = { status: number; body: string } | 'hang'

export interface EmbeddingService {
  url: string
  seen: { headers: IncomingHttpHeaders; body: Buffer }[]
  answerNext(...answers: Answer[]): void
  /** Resolves after that many requests since the last reset. */
  asked(count: number): Promise<void>
  reset(): void
  close(): Promise<void>
}

const DIMENSIONS = 12

export async function startEmbeddingService(): Promise<EmbeddingService> {
  const seen: EmbeddingService['seen'] = []
  const answers: Answer[] = []
  const waiting = new Set<() => void>()
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body = Buffer.concat(chunks)
    seen.push({ headers: request.headers, body })
    for (const check of waiting) check()
    const answer = answers.shift() ?? { status: 200, body: JSON.stringify({ embedding: vectorOf(body) }) }
    if (answer !== 'hang') response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body)
  })
  const { origin, close } = await listenOnLoopback(server)
  return {
    url: `${origin}/embed`,
    seen,
    answerNext: (...more) => answers.push(...more),
    asked: count =>
      new Promise(resolve => {
        const check = () => {
          if (seen.length < count) return
          waiting.delete(check)
          resolve()
        }
        waiting.add(check)
        check()
      }),
    reset: () => {
      seen.length = 0
      answers.length = 0
    },
    close,
  }
}

/** Depends on the bytes. */
function vectorOf(bytes: Buffer): number[] {
  return Array.from({ length: DIMENSIONS }, (_, index) => (bytes[(index * 97) % bytes.length] ?? 0) / 255 - 0.5)
}
