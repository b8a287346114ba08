/** What a model reads through real frameworks, each run as its example is written. */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { countTokens } from 'gpt-tokenizer'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { DEMO_PHOTO, dataUrl } from '../support/pictures.ts'
import { makeTempDir } from '../support/program.ts'
import { type ClientCase, clientCases } from './calls.ts'
import { EXAMPLES, exampleFolder, nodeLineOf, nodeProgram } from './examples.ts'
import { isCalled, type SeenByModel, startModel } from './model-server.ts'

const PHOTO = path.resolve(DEMO_PHOTO)
const CASES = clientCases(PHOTO, dataUrl(DEMO_PHOTO))

/** Held against the listed schema by the framework itself, which tells the model; the server is not called. */
const REFUSED_BY_FRAMEWORK: Readonly<Record<string, readonly string[]>> = {
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
const WITHOUT_MODEL = new Set(['mcporter'])

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
      .replace(/\b\d+ s ago/g, 'N s ago')
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

async function runExample(example: string, cases: readonly ClientCase[]): Promise<SeenByModel> {
  const dir = makeTempDir()
  const model = await startModel(cases)
  const isScript = WITHOUT_MODEL.has(example)
  const words = isScript ? cases.flatMap(({ tool, arguments: given }) => [tool, given]) : ['Find this.']
  const child = spawn(nodeProgram(nodeLineOf(example)), ['example.mjs', ...words], {
    cwd: exampleFolder(example),
    env: {
      PATH: process.env.PATH ?? '',
      HOME: dir.path,
      OPENAI_API_KEY: 'sk-none',
      OPENAI_BASE_URL: model.url,
      MCP1688_DATA_DIR: dir.path,
      MCP1688_LOG_LEVEL: 'error',
      ...{
        DO_NOT_TRACK: '1',
        MASTRA_TELEMETRY_DISABLED: '1',
        LANGCHAIN_TRACING_V2: 'false',
        AI_SDK_LOG_WARNINGS: 'false',
      },
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', chunk => {
      output += chunk
    })
  const code = await new Promise(resolve => child.once('close', resolve))
  await model.close()
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

describe.each(EXAMPLES)('%s', example => {
  it('has at most 40 lines, and a lock file without addresses of a registry', () => {
    const read = (name: string) => readFileSync(path.join(exampleFolder(example), name), 'utf8')
    expect(read('example.mjs').trimEnd().split('\n').length).toBeLessThanOrEqual(40)
    expect(read('package-lock.json')).not.toMatch(/https?:\/\/registry|"resolved": "http/)
  })

  it('shows a model every reply', async () => {
    const seen = await runExample(example, CASES)
    await expect(report(seen)).toMatchFileSnapshot(`${example}.snap.txt`)
    const unanswered = CASES.filter(({ reads }, index) => !reads.test(readable(seen.results[index])))
    expect(unanswered.map(({ title }) => title)).toEqual(REFUSED_BY_FRAMEWORK[example] ?? [])
  })
})
