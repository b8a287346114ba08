/**
 * A loopback server that speaks the APIs of OpenAI and Gemini, in place of a model: it calls the tools it is told to, one
 * a turn, and keeps what it is sent. Written from https://platform.openai.com/docs/api-reference/chat/create,
 * https://platform.openai.com/docs/api-reference/responses/create and https://ai.google.dev/api/generate-content.
 */
import { createServer } from 'node:http'
import { z } from 'zod'
import { listenOnLoopback } from '../support/loopback.ts'

export interface ModelCall {
  /** Without what the framework puts before it. */
  tool: string
  /** As the model writes them. */
  arguments: string
}

/** What the model was sent. */
export interface SeenByModel {
  tools: { name: string; strict: boolean; parameters: unknown }[]
  /** Of each call, in order. */
  results: unknown[]
}

const chatTool = z.object({
  function: z.object({ name: z.string(), strict: z.boolean().nullish(), parameters: z.unknown() }),
})
const responsesTool = z.object({ name: z.string(), strict: z.boolean().nullish(), parameters: z.unknown() })
const chatBody = z.object({
  stream: z.boolean().default(false),
  tools: z.array(chatTool).default([]),
  messages: z.array(z.looseObject({ role: z.string(), content: z.unknown().optional() })),
})
const responsesBody = z.object({
  tools: z.array(responsesTool).default([]),
  input: z.array(z.looseObject({ type: z.string().optional(), output: z.unknown().optional() })),
})

const geminiBody = z.object({
  tools: z.array(
    z.object({
      functionDeclarations: z.array(
        z.object({ name: z.string(), parametersJsonSchema: z.unknown(), parameters: z.unknown().optional() }),
      ),
    }),
  ),
  contents: z.array(
    z.object({ parts: z.array(z.object({ functionResponse: z.object({ response: z.unknown() }).optional() })) }),
  ),
})

const USAGE = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 }

/** Some frameworks put the server's name before the tool's. */
export function isCalled(shown: string, tool: string): boolean {
  return shown === tool || shown === `mcp-1688_${tool}`
}

export async function startModel(calls: readonly ModelCall[]) {
  const seen: SeenByModel = { tools: [], results: [] }
  let turn = 0

  const nextCall = (tools: SeenByModel['tools'], results: unknown[]) => {
    seen.tools = tools
    seen.results = results
    const call = calls[turn++]
    if (call === undefined) return null
    const name = tools.find(tool => isCalled(tool.name, call.tool))?.name
    if (name === undefined) throw new Error(`the model was not shown ${call.tool}`)
    return { id: `call_${turn}`, name, arguments: call.arguments }
  }

  const chat = (sent: unknown) => {
    const { stream, tools, messages } = chatBody.parse(sent)
    const results = messages.filter(({ role }) => role === 'tool').map(({ content }) => content)
    const call = nextCall(
      tools.map(tool => ({ ...tool.function, strict: tool.function.strict ?? false })),
      results,
    )
    const called = call && [
      { index: 0, id: call.id, type: 'function', function: { name: call.name, arguments: call.arguments } },
    ]
    const message = called
      ? { role: 'assistant', content: null, tool_calls: called }
      : { role: 'assistant', content: 'Done.' }
    const reason = { finish_reason: call ? 'tool_calls' : 'stop' }
    const head = { id: `chat_${turn}`, created: 1, model: 'stand-in' }
    if (!stream)
      return JSON.stringify({
        ...head,
        object: 'chat.completion',
        choices: [{ index: 0, message, ...reason }],
        usage: USAGE,
      })
    const chunks = [
      { ...head, object: 'chat.completion.chunk', choices: [{ index: 0, delta: message, finish_reason: null }] },
      { ...head, object: 'chat.completion.chunk', choices: [{ index: 0, delta: {}, ...reason }], usage: USAGE },
    ]
    return [...chunks.map(chunk => JSON.stringify(chunk)), '[DONE]'].map(data => `data: ${data}\n\n`).join('')
  }

  const responses = (sent: unknown) => {
    const { tools, input } = responsesBody.parse(sent)
    const results = input.filter(({ type }) => type === 'function_call_output').map(({ output }) => output)
    const call = nextCall(
      tools.map(({ name, strict, parameters }) => ({ name, strict: strict ?? false, parameters })),
      results,
    )
    const text = { type: 'output_text', text: 'Done.', annotations: [] }
    const output = call
      ? {
          type: 'function_call',
          id: `fc_${turn}`,
          call_id: call.id,
          name: call.name,
          arguments: call.arguments,
          status: 'completed',
        }
      : { type: 'message', id: `msg_${turn}`, role: 'assistant', status: 'completed', content: [text] }
    const usage = { input_tokens: 1, output_tokens: 1, total_tokens: 2 }
    return JSON.stringify({
      id: `resp_${turn}`,
      object: 'response',
      created_at: 1,
      status: 'completed',
      model: 'stand-in',
      output: [output],
      usage,
    })
  }

  const gemini = (sent: unknown) => {
    const { tools, contents } = geminiBody.parse(sent)
    const results = contents.flatMap(({ parts }) =>
      parts.flatMap(({ functionResponse }) => (functionResponse ? [functionResponse.response] : [])),
    )
    const declared = tools.flatMap(({ functionDeclarations }) => functionDeclarations)
    const call = nextCall(
      declared.map(({ name, parametersJsonSchema, parameters = parametersJsonSchema }) => {
        return { name, strict: false, parameters }
      }),
      results,
    )
    const part = call ? { functionCall: { name: call.name, args: JSON.parse(call.arguments) } } : { text: 'Done.' }
    return JSON.stringify({
      candidates: [{ content: { role: 'model', parts: [part] }, finishReason: 'STOP', index: 0 }],
    })
  }

  const answerOf = (url: string) => {
    if (url.endsWith(':generateContent')) return gemini
    return url.endsWith('/responses') ? responses : chat
  }

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    try {
      const body = answerOf(request.url ?? '')(JSON.parse(Buffer.concat(chunks).toString()))
      const type = body.startsWith('data: ') ? 'text/event-stream' : 'application/json'
      response.writeHead(200, { 'content-type': type }).end(body)
    } catch (error) {
      response.writeHead(400, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ error: { message: String(error), type: 'invalid_request_error' } }))
    }
  })
  const { origin, close } = await listenOnLoopback(server)
  return { origin, seen, close }
}
