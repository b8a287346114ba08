/**
 * Runs the short measurements one after another and writes what they print to bench/results.md, with machine, Node
 * version and date. Says first where the run stands against the committed one. `npm run bench`; `-- NAME …` runs only
 * those. Longer ones have their own scripts in package.json.
 */
import { execFile } from 'node:child_process'
import { arch, cpus, release, totalmem, type } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { writeMeasurements } from './results.ts'
import { standing } from './standing.ts'

const run = promisify(execFile)

/** Each of them prints Markdown. */
const MEASUREMENTS = [
  {
    name: 'start',
    title: 'Start',
    args: ['15'],
    peer: 'servers of the SDK with one tool, started in turn: the current one, bundled like ours, and v1 from node_modules',
  },
  {
    name: 'round-trip',
    title: 'A call over stdio',
    args: ['1000'],
    peer: 'an echo by a bare server of the SDK, of 5 bytes and of as many as our reply has',
  },
  {
    name: 'tokens',
    title: 'Tokens per reply, and of the list of tools',
    args: [],
    peer: "the upstream's own JSON for the same offers",
  },
  {
    name: 'embedding',
    title: 'Pictures embedded per second',
    args: [],
    peer: 'onnxruntime-web running the same blocks, in the same process',
  },
  {
    name: 'catalogue',
    title: 'Searching the catalogue',
    args: [],
    peer: 'each other: catalogues of three sizes',
  },
  {
    name: 'agent-day',
    title: "Credits of an agent's day",
    args: [],
    peer: 'the upstream alone, which takes a credit for every call',
  },
  {
    name: 'http',
    title: 'Calls over HTTP',
    args: ['2'],
    peer: "the SDK's own HTTP handler with a tool that echoes as many bytes, measured in turn",
  },
  {
    name: 'flood',
    title: 'One key flooding the server',
    args: [],
    peer: 'the same calls on a second server that nobody floods',
  },
] as const

const wanted = process.argv.slice(2)
const unknown = wanted.filter(name => !MEASUREMENTS.some(known => known.name === name))
if (unknown.length > 0) {
  throw new Error(
    `Unknown measurement ${unknown.join(', ')}. Choose from: ${MEASUREMENTS.map(({ name }) => name).join(', ')}`,
  )
}
const chosen = MEASUREMENTS.filter(({ name }) => wanted.length === 0 || wanted.includes(name))
const [processor] = cpus()
const parts = [
  '# Measurements\n\nWritten by `npm run bench`. All figures are from one machine on one day: compare them with each other, not with another run.\n',
  `- machine: ${cpus().length} x ${processor?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GB, ${type()} ${release()} ${arch()}`,
  `- Node: ${process.version}`,
  `- date: ${new Date().toISOString().slice(0, 10)}`,
]
for (const { name, title, args, peer } of chosen) {
  process.stderr.write(`${title} …\n`)
  const file = path.join(import.meta.dirname, `${name}.ts`)
  // A measurement that misses its target exits with 1; its figures still belong in the document.
  const { stdout } = await run(process.execPath, ['--import', 'tsx', file, ...args]).catch(error => {
    if (!error.stdout) throw error
    process.stderr.write(`${name} ended with ${error.code}\n${error.stderr}`)
    process.exitCode = 1
    return error
  })
  parts.push(`\n## ${title}\n\nCompared with ${peer}.\n\n${String(stdout).trim()}`)
}
const document = `${parts.join('\n')}\n`
const { stdout: committed } = await run('git', ['show', 'HEAD:bench/results.md'], { cwd: import.meta.dirname })
process.stdout.write(`Against the committed run:\n\n${standing(committed, document)}\n\n`)
if (wanted.length === 0) writeMeasurements(document)
process.stdout.write(document)
