/**
 * Measures the time from spawn to the answer of `tools/list`. Our server and its peers take turns, so that slow moments
 * affect all of them. `npx tsx bench/start.ts [runs=15]` after `npm run build`. Linux only: reads /proc.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { bundleBareServer } from './peers/bundle-bare.ts'
import { greet, openWire } from './peers/wire.ts'
import { quantile } from './quantile.ts'

const ROOT = path.resolve(import.meta.dirname, '..')
const runs = Number(process.argv[2] ?? 15)
const folder = mkdtempSync(path.join(tmpdir(), 'mcp-1688-start-'))

/** The program as installed by npm from the packed package. */
function installTarball(): string {
  const target = path.join(folder, 'installed')
  execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: ROOT })
  const tarball = readdirSync(folder).find(name => name.endsWith('.tgz')) ?? ''
  execFileSync('npm', [
    'install',
    '--silent',
    '--no-audit',
    '--no-fund',
    '--prefix',
    target,
    path.join(folder, tarball),
  ])
  return path.join(target, 'node_modules/mcp-1688/dist/mcp-1688.js')
}

interface Sample {
  wallMs: number
  cpuMs: number
  rssMb: number
}

async function startOnce(args: readonly string[]): Promise<Sample> {
  const startedAt = performance.now()
  const wire = openWire(args, { MCP1688_DATA_DIR: path.join(folder, 'data'), HOME: folder })
  await greet(wire)
  await wire.ask('tools/list', {})
  const sample = { wallMs: performance.now() - startedAt, ...wire.cost() }
  await wire.close()
  return sample
}

function emptyProcess(): Sample {
  const startedAt = performance.now()
  const usage = '-p JSON.stringify([process.cpuUsage(),process.memoryUsage.rss()])'.split(/ (.*)/).slice(0, 2)
  const [cpu, rss] = JSON.parse(execFileSync(process.execPath, usage, { encoding: 'utf8' }))
  return { wallMs: performance.now() - startedAt, cpuMs: (cpu.user + cpu.system) / 1000, rssMb: rss / 2 ** 20 }
}

const ours = path.join(ROOT, 'dist/mcp-1688.js')
const programs: ReadonlyArray<readonly [string, () => Promise<Sample> | Sample]> = await (async () => {
  const [bare, tarball] = [await bundleBareServer(folder), installTarball()]
  const v1 = path.join(import.meta.dirname, 'peers/bare-v1.mjs')
  return [
    ['mcp-1688, built here', () => startOnce([ours])],
    ['mcp-1688, installed from its tarball', () => startOnce([tarball])],
    ['bare server, current SDK, bundled', () => startOnce([bare])],
    ['bare server, SDK v1, from node_modules', () => startOnce([v1])],
    ['`node -p 0`, until it exits', emptyProcess],
  ] as const
})()

const samples = new Map<string, Sample[]>(programs.map(([name]) => [name, []]))
// The first round warms the disk cache and does not count.
for (let run = 0; run <= runs; run++) {
  for (const [name, start] of programs) {
    const sample = await start()
    if (run > 0) samples.get(name)?.push(sample)
  }
}
rmSync(folder, { recursive: true, force: true })

const middle = (name: string, key: keyof Sample) =>
  quantile(
    (samples.get(name) ?? []).map(sample => sample[key]),
    0.5,
  )
const bareCpu = middle('bare server, current SDK, bundled', 'cpuMs')
console.log('| spawn to `tools/list` | wall ms | CPU ms | CPU, bare bundled = 1 | memory MB |\n|---|---|---|---|---|')
for (const [name] of programs) {
  const cpu = middle(name, 'cpuMs')
  const cells = [
    middle(name, 'wallMs').toFixed(0),
    cpu.toFixed(0),
    (cpu / bareCpu).toFixed(2),
    middle(name, 'rssMb').toFixed(0),
  ]
  console.log(`| ${name} | ${cells.join(' | ')} |`)
}
console.log(`\nMedians of ${runs} starts each, in turn.`)
