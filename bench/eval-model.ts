/**
 * Evaluates a model: it answers the buyers' requests of test/eval with our tools and is scored by the calls it makes.
 * `MODEL_API_KEY=… MODEL=… [MODEL_BASE_URL=https://api.openai.com/v1] npm run bench:eval`, for any endpoint with
 * OpenAI's chat completions. It costs about 60 to 320 completions; offers come from the sample catalogue.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { argumentsOf, type BuyerRequest, fill, offerIdsOf, readRequests } from '../test/eval/requests.ts'
import { connectOverStdio } from '../test/support/clients.ts'
import { makeTempDir, serverCommand } from '../test/support/program.ts'

const MAX_TURNS = 8
/** Per completion, so that a busy endpoint is retried. */
const MAX_TRIES = 5
const TIMEOUT_MS = 120_000

const { MODEL_API_KEY: key, MODEL: model, MODEL_BASE_URL: baseUrl = 'https://api.openai.com/v1' } = process.env
if (!key || !model) throw new Error('set MODEL_API_KEY and MODEL (and MODEL_BASE_URL for another endpoint than OpenAI)')

const toolCall = z.object({
  id: z.string(),
  type: z.string(),
  function: z.object({ name: z.string(), arguments: z.string() }),
})
const completion = z.object({
  choices: z.array(z.object({ message: z.looseObject({ tool_calls: z.array(toolCall).nullish() }) })).min(1),
})

/** Hosts hide app-only tools from the model. */
const onlyForTheGrid = z.object({
  _meta: z.object({ ui: z.object({ visibility: z.tuple([z.literal('app')]) }) }),
})

const dir = makeTempDir()
const client = await connectOverStdio('v2 client, 2026 wire', serverCommand(dir.path))
await client.call('sync_catalogue', { max_credits: 0 })
const tools = (await client.listTools())
  .filter(tool => !onlyForTheGrid.safeParse(tool).success)
  .map(({ name, description, inputSchema }) => ({
    type: 'function',
    function: { name, description, parameters: inputSchema },
  }))

async function complete(messages: readonly unknown[]) {
  for (let tries = 1; ; tries++) {
    const response = await fetch(`${baseUrl}/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify({ model, messages, tools }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    if (response.ok) return completion.parse(await response.json()).choices[0]?.message
    const isBusy = response.status === 429 || response.status >= 500
    const reason = `the model's endpoint answered ${response.status}: ${(await response.text()).slice(0, 500)}`
    if (!isBusy || tries === MAX_TRIES) throw new Error(reason)
    await sleep(1000 * (Number(response.headers.get('retry-after')) || 2 ** tries))
  }
}

/** `null` if the model's arguments are not a JSON object. */
function parseArguments(text: string): Record<string, unknown> | null {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text || '{}'))
  } catch {
    return null
  }
}

/** What a host would pass back to the model, also for invalid calls. */
async function answer(tool: string, args: Record<string, unknown> | null) {
  if (!args) return { text: 'The arguments are not a JSON object.', ids: [] }
  try {
    const { text, structured } = await client.call(tool, args)
    return { text, ids: offerIdsOf(structured) }
  } catch (error) {
    return { text: String(error), ids: [] }
  }
}

/** How many of the expected calls the model made in order; other calls in between do not count against it. */
async function score({ request, calls }: BuyerRequest): Promise<number> {
  const messages: unknown[] = [
    { role: 'system', content: client.instructions() ?? '' },
    { role: 'user', content: fill(request, []) },
  ]
  let met = 0
  let found: string[] = []
  for (let turn = 0; turn < MAX_TURNS && met < calls.length; turn++) {
    const message = await complete(messages)
    messages.push(message)
    if (!message?.tool_calls?.length) break
    for (const { id, function: made } of message.tool_calls) {
      const args = parseArguments(made.arguments)
      const expected = calls[met]
      if (args && expected?.tool === made.name && agrees(args, argumentsOf(expected, found))) met++
      const { text, ids } = await answer(made.name, args)
      if (ids.length > 0) found = ids
      messages.push({ role: 'tool', tool_call_id: id, content: text })
    }
  }
  return met / calls.length
}

/** Search words may differ, and further arguments are allowed. */
function agrees(made: Record<string, unknown>, expected: Record<string, unknown>): boolean {
  return Object.entries(expected).every(([name, value]) =>
    name === 'keyword' || name === 'location'
      ? made[name] !== undefined
      : JSON.stringify(made[name]) === JSON.stringify(value),
  )
}

let total = 0
const requests = readRequests()
try {
  for (const request of requests) {
    const points = await score(request)
    total += points
    console.log(`${String(request.id).padStart(2)} ${points.toFixed(2)} ${request.request}`)
  }
  console.log(`\n${model}: ${((100 * total) / requests.length).toFixed(1)} % of the expected calls`)
} finally {
  await client.close()
  dir.remove()
}
