/** Calls an embedding service, with a time limit, one retry and a circuit breaker. */
import type { Agent } from 'undici'
import * as z from 'zod'
import { AppError, throwIfAborted } from '../../errors.ts'
import { unreadable } from '../../pictures/failures.ts'
import { CALL_BUDGET } from '../../time/call-budget.ts'
import { withinTime } from '../../time/deadline.ts'

const MAX_TRIES = 2
/** After this many consecutive failures the service is not called for a while. */
const BREAK_AFTER = 3
const BREAK_MS = 30_000
const MAX_REPLY_BYTES = 1_000_000
/** Faults of a single picture; any other rejection would affect all of them. */
const PICTURE_FAULTS = new Set([413, 415, 422])

const vectorSchema = z.array(z.number()).min(8).max(8192)
const replySchema = z.union([vectorSchema, z.object({ embedding: vectorSchema }).transform(reply => reply.embedding)])

export interface ServiceClient {
  /**
   * @throws AppError `upstream_unavailable`, `upstream_rejected`, `upstream_changed`, `picture_unreadable`,
   * `cancelled`.
   */
  embed(bytes: Uint8Array, signal?: AbortSignal): Promise<Float32Array>
  close(): Promise<void>
}

export interface ServiceOptions {
  url: string
  /** Default 10 s. */
  timeoutMs?: number
  now?: () => number
}

export function createServiceClient({
  url,
  timeoutMs = CALL_BUDGET.embeddingService.wireMs,
  now = Date.now,
}: ServiceOptions): ServiceClient {
  let agent: Agent | undefined
  let failures = 0
  let closedUntil = 0

  async function ask(bytes: Uint8Array, signal: AbortSignal | undefined): Promise<Float32Array> {
    const { Agent, request } = await import('../../net/undici.ts')
    agent ??= new Agent({ maxResponseSize: MAX_REPLY_BYTES })
    const dispatcher = agent
    return withinTime(timeoutMs, signal, async inTime => {
      const { statusCode, body } = await request(url, {
        method: 'POST',
        headers: { 'content-type': 'application/octet-stream', accept: 'application/json' },
        body: bytes,
        dispatcher,
        signal: inTime,
      })
      const text = await body.text()
      if (statusCode >= 500 || statusCode === 429) throw new Error(`status ${statusCode}`)
      if (statusCode < 200 || statusCode > 299) throw rejected(statusCode)
      return parseVector(text)
    })
  }

  async function askWithRetry(bytes: Uint8Array, signal: AbortSignal | undefined): Promise<Float32Array> {
    for (let tries = 1; ; tries++) {
      try {
        return await ask(bytes, signal)
      } catch (cause) {
        throwIfAborted(signal)
        if (cause instanceof AppError) throw cause
        if (tries === MAX_TRIES) throw unavailable('The embedding service is not responding.', cause)
      }
    }
  }

  return {
    async embed(bytes, signal) {
      throwIfAborted(signal)
      if (now() < closedUntil) {
        throw unavailable('The embedding service failed several times and is not called for half a minute.')
      }
      try {
        const vector = await askWithRetry(bytes, signal)
        failures = 0
        return vector
      } catch (error) {
        if (error instanceof AppError && error.code === 'upstream_unavailable' && ++failures >= BREAK_AFTER) {
          closedUntil = now() + BREAK_MS
          failures = 0
        }
        throw error
      }
    },
    async close() {
      await agent?.destroy()
    },
  }
}

function parseVector(text: string): Float32Array {
  try {
    return Float32Array.from(replySchema.parse(JSON.parse(text)))
  } catch (cause) {
    throw new AppError({
      code: 'upstream_changed',
      message: 'The embedding service did not return a vector.',
      hint: 'It must return {"embedding": [numbers]} or a plain array of 8 to 8192 numbers; check the URL of --embedder.',
      cause,
    })
  }
}

function rejected(status: number): AppError {
  const message = `The embedding service rejected the picture (${status}).`
  if (PICTURE_FAULTS.has(status)) return unreadable(message, 'Pass a smaller copy, saved as JPEG or PNG.')
  return new AppError({
    code: 'upstream_rejected',
    message,
    hint: "Check the URL of --embedder; it must accept a POST of a picture's bytes.",
  })
}

function unavailable(message: string, cause?: unknown): AppError {
  return new AppError({
    code: 'upstream_unavailable',
    message,
    hint: 'Check that the service at the URL of --embedder is running, then try again.',
    retryable: true,
    cause,
  })
}
