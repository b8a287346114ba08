/**
 * Attacks a built server at full size, one file a wall; each prints Markdown and exits with 1 if it misses its target.
 * `npm run bench:abuse`; `-- NAME …` runs only those.
 */
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import path from 'node:path'

const walls = readdirSync(import.meta.dirname)
  .map(file => path.parse(file).name)
  .filter(name => name !== 'run')
const wanted = process.argv.slice(2)
const unknown = wanted.filter(name => !walls.includes(name))
if (unknown.length > 0) throw new Error(`Unknown measurement ${unknown.join(', ')}. Choose from: ${walls.join(', ')}`)

for (const name of walls.filter(wall => wanted.length === 0 || wanted.includes(wall))) {
  process.stdout.write(`\n## ${name}\n\n`)
  const file = path.join(import.meta.dirname, `${name}.ts`)
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', file], { stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
}
