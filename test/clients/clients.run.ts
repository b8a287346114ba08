/** What a model reads through real frameworks, each run as its example is written. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { createServer } from 'node:net'
import path from 'node:path'
import type { Writable } from 'node:stream'
import { countTokens } from 'gpt-tokenizer'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { listenOnLoopback } from '../support/loopback.ts'
import { DEMO_PHOTO, dataUrl } from '../support/pictures.ts'
import { makeTempDir, ROOT } from '../support/program.ts'
import { startServe } from '../support/serve-process.ts'
import { clientCases } from './calls.ts'
import { EXAMPLES, type Example, FOLDERS, NODE_LINES, nodeLineOf, nodeProgram } from './examples.ts'
import { isCalled, type ModelCall, type SeenByModel, startModel } from './model-server.ts'

const PHOTO = path.resolve(DEMO_PHOTO)
const CASES = clientCases(PHOTO, dataUrl(DEMO_PHOTO))

/** Over HTTP the server reads no paths. */
const WITH_A_PATH = ['a photo by its path', 'null for what is left out', 'numbers and switches as text']

/** By a framework that holds arguments against the listed schema and tells the model, or by the server. */
const REFUSED: Readonly<Record<string, readonly string[]>> = {
  'mcp-remote': WITH_A_PATH,
  langchain: [
    'null for what is left out',
    'numbers and switches as text',
    'an ID as a number',
    'a list as JSON text',
    'a list of numbers',
    'the dummy argument of hosts',
    'null as arguments',
  ],
  mastra: [
    'numbers and switches as text',
    'an ID as a number',
    'a list as JSON text',
    'a list of numbers',
    'the dummy argument of hosts',
    'null as arguments',
  ],
}

/** Scripts that make calls given as words, and print each reply as a line of JSON. */
const WITHOUT_MODEL = new Set(['mcp-remote', 'mcporter', 'sdk-v1', 'sdk-v2', 'supergateway'])

/** Those of them that can cancel a call. */
const CANCELLING = new Set(['mcp-remote', 'sdk-v1', 'sdk-v2', 'supergateway'])

/** The bridge reaches a server that is running. */
const OVER_HTTP = 'mcp-remote'

/** Each example with the Node lines of its server. */
const PAIRS = EXAMPLES.flatMap(example => {
  const lines = process.env.TEST_CLIENTS_ALL ? NODE_LINES : [nodeLineOf(example.folder)]
  return lines.map(line => ({ example, line, title: `${example.name}, server on Node ${line}` }))
})

const part = z.looseObject({ type: z.string(), text: z.string().optional() })

/** Without what changes between runs or machines, and pictures by their size. */
function readable(result: unknown): string {
  const parts = z.array(part).safeParse(result)
  const texts = parts.success
    ? parts.data.map(({ type, text, ...rest }) => text ?? `<${type}: ${JSON.stringify(rest)}>`)
    : [typeof result === 'string' ? result : JSON.stringify(result)]
  return (
    texts
      .join('\n')
      .replaceAll(PHOTO, 'PHOTO')
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
      // Port, day and signature.
      .replace(/http:\/\/127\.0\.0\.1:\d+(\/pictures\/\d+)\?s=[\w~-]+/g, 'ORIGIN$1?s=SIGNATURE')
      .replace(/\b\d+ (s|min) ago/g, 'N s ago')
      .replace(/(age_s\W+)\d+/g, '$1N')
      // LangChain shows its model where in its own code a schema was violated.
      .replace(/^ {4}at .*\n/gm, '')
      .replace(/[A-Za-z0-9+/]{200,}={0,2}/g, base64 => `<${base64.length} characters of base64>`)
  )
}

function report({ tools, results }: SeenByModel): string {
  // The other tools are listed in the same way; test/e2e holds the words of descriptions.
  const withoutWords = (key: string, value: unknown) => (key === 'description' ? undefined : value)
  const called = tools.filter(tool => CASES.some(({ tool: name }) => isCalled(tool.name, name)))
  const hundreds = Math.round(countTokens(JSON.stringify(called)) / 100)
  const head = called.length > 0 ? [`${called.length} tools called, about ${hundreds * 100} tokens`] : []
  for (const { name, strict, parameters } of called)
    head.push(`${name}${strict ? ' (strict)' : ''}: ${JSON.stringify(parameters, withoutWords)}`)
  const calls = CASES.map(({ title, tool, arguments: given }, index) => {
    const text = readable(results[index])
    return `> ${title}: ${tool} ${readable(given)}\n${text}\n(${countTokens(text)} tokens)`
  })
  return `${[head.join('\n'), ...calls].join('\n\n').trim()}\n`
}

/** Never answers the first request, and any other only once the client has given the first up. */
async function startPictures() {
  const server = createHttpServer()
  const asked = once(server, 'request')
  const givenUp = asked.then(([, response]) => once(response, 'close'))
  asked.then(() => server.on('request', (_request, response) => givenUp.then(() => response.writeHead(404).end())))
  return { ...(await listenOnLoopback(server)), asked }
}

async function freePort(): Promise<number> {
  const { port, close } = await listenOnLoopback(createServer())
  await close()
  return port
}

interface Run {
  calls: readonly ModelCall[]
  serverLine: number
  /** More of the server's environment. */
  env?: Record<string, string>
  /** Called once the example runs. */
  during?: (stdin: Writable) => void
}

async function runExample({ name, folder, script }: Example, run: Run): Promise<SeenByModel> {
  const { calls, serverLine, env, during } = run
  const dir = makeTempDir()
  const model = await startModel(calls)
  const isScript = WITHOUT_MODEL.has(name)
  const words = isScript ? calls.flatMap(({ tool, arguments: given }) => [tool, given]) : ['Find this.']
  // The examples start the server with the first node of the path.
  const serverPath = [path.dirname(nodeProgram(serverLine)), process.env.PATH].join(path.delimiter)
  const own = { PATH: serverPath, HOME: dir.path, MCP1688_DATA_DIR: dir.path, MCP1688_LOG_LEVEL: 'error' }
  const serverEnv = { ...own, ...env }
  const serve = name === OVER_HTTP ? await startServe(dir.path, serverEnv, [], nodeProgram(serverLine)) : null
  const child = spawn(nodeProgram(nodeLineOf(folder)), [script, ...words], {
    cwd: folder,
    env: {
      ...serverEnv,
      OPENAI_API_KEY: 'none',
      OPENAI_BASE_URL: `${model.origin}/v1`,
      GEMINI_API_KEY: 'none',
      GOOGLE_GEMINI_BASE_URL: model.origin,
      PORT: String(await freePort()),
      ...(serve && { MCP1688_URL: `${serve.url}/mcp` }),
      DO_NOT_TRACK: '1',
      MASTRA_TELEMETRY_DISABLED: '1',
      LANGCHAIN_TRACING_V2: 'false',
      AI_SDK_LOG_WARNINGS: 'false',
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  if (during) during(child.stdin)
  else child.stdin.end()
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', chunk => {
      output += chunk
    })
  const code = await new Promise(resolve => child.once('close', resolve))
  await Promise.all([model.close(), serve?.close()])
  dir.remove()
  expect(code, output).toBe(0)
  if (isScript)
    return {
      tools: [],
      results: output
        .trim()
        .split('\n')
        .map(line => JSON.parse(line)),
    }
  expect(output).toContain('Done.')
  return model.seen
}

it.each(EXAMPLES)('$name has at most 40 lines', ({ folder, script }) => {
  expect(readFileSync(path.join(folder, script), 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(40)
})

it.each(FOLDERS.map(folder => path.basename(folder)))('the lock file of %s names no registry', name => {
  const lock = readFileSync(path.join(ROOT, 'examples', name, 'package-lock.json'), 'utf8')
  expect(lock).not.toMatch(/https?:\/\/registry|"resolved": "http/)
})

it.each(PAIRS)('a model reads every reply through $title', async ({ example, line }) => {
  const seen = await runExample(example, { calls: CASES, serverLine: line })
  await expect(report(seen)).toMatchFileSnapshot(`${example.name}.snap.txt`)
  const unanswered = CASES.filter(({ reads }, index) => !reads.test(readable(seen.results[index])))
  expect(unanswered.map(({ title }) => title)).toEqual(REFUSED[example.name] ?? [])
})

it.each(EXAMPLES.filter(({ name }) => CANCELLING.has(name)))(
  'a call that is cancelled through $name ends at the server, which answers the next',
  async example => {
    const pictures = await startPictures()
    const search = (name: string) => {
      return { tool: 'search_by_image', arguments: JSON.stringify({ image_url: `${pictures.origin}/${name}.png` }) }
    }
    const { results } = await runExample(example, {
      calls: [search('held'), search('gone')],
      serverLine: nodeLineOf(example.folder),
      env: { MCP1688_IMAGE_ALLOW: new URL(pictures.origin).host },
      during: stdin => void pictures.asked.then(() => stdin.write('\n')),
    })
    await pictures.close()
    expect(results).toEqual(['cancelled', [expect.objectContaining({ text: expect.stringContaining('404') })]])
  },
)
