/** Sends JSON-RPC messages as bytes, past any SDK, for what an SDK's client would never send. */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { serverCommand } from './program.ts'
import { startServe } from './serve-process.ts'

export interface RawWire {
  /** @param message JSON text, on one line. @returns the answer. */
  send(message: string): Promise<Answer>
  close(): Promise<void>
}

const answerSchema = z.looseObject({
  id: z.number().optional(),
  error: z.looseObject({ message: z.string() }).optional(),
  result: z
    .looseObject({
      tools: z.array(z.looseObject({ name: z.string() })).optional(),
      isError: z.boolean().optional(),
      content: z.array(z.looseObject({ text: z.string().optional() })).optional(),
      structuredContent: z.record(z.string(), z.unknown()).optional(),
    })
    .optional(),
})
export type Answer = z.output<typeof answerSchema>

const INITIALIZE = {
  protocolVersion: '2025-06-18',
  capabilities: {},
  clientInfo: { name: 'raw', version: '1' },
}

export async function rawStdio(dataDir: string): Promise<RawWire> {
  const { command, args, env } = serverCommand(dataDir)
  const child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const send = async (message: string): Promise<Answer> => {
    child.stdin.write(`${message}\n`)
    const { value } = await lines.next()
    return answerSchema.parse(JSON.parse(String(value)))
  }
  await send(JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params: INITIALIZE }))
  child.stdin.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n')
  return {
    send,
    close: async () => {
      const closed = new Promise(resolve => child.once('close', resolve))
      child.stdin.end()
      await closed
    },
  }
}

export async function rawHttp(dataDir: string): Promise<RawWire> {
  const server = await startServe(dataDir)
  return {
    send: async body => {
      const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
      const response = await fetch(`${server.url}/mcp`, { method: 'POST', headers, body })
      return answerSchema.parse(await response.json())
    },
    close: server.close,
  }
}
