/**
 * Blocks for hosts whose files are YAML. JSON strings, lists and objects are YAML too, and quoting keeps a name or value
 * such as 1688 from being read as a number: Continue refuses a whole file for one.
 */
import type { ServerEntry } from './launch.ts'

/** Fields: https://docs.continue.dev/reference#mcpservers. */
export function continueBlock(name: string, { command, args, env }: ServerEntry): string {
  return [
    'mcpServers:',
    `  - name: ${JSON.stringify(name)}`,
    `    command: ${JSON.stringify(command)}`,
    `    args: ${JSON.stringify(args)}`,
    ...environment('env', env),
  ].join('\n')
}

/** Fields: https://block.github.io/goose/docs/guides/config-files. */
export function gooseBlock(name: string, { command, args, env }: ServerEntry): string {
  return [
    'extensions:',
    `  ${JSON.stringify(name)}:`,
    '    enabled: true',
    '    type: "stdio"',
    `    name: ${JSON.stringify(name)}`,
    '    description: "Sources products on 1688.com"',
    `    cmd: ${JSON.stringify(command)}`,
    `    args: ${JSON.stringify(args)}`,
    ...environment('envs', env),
    // In seconds; a call of ours ends sooner.
    '    timeout: 300',
  ].join('\n')
}

function environment(key: string, env: ServerEntry['env']): string[] {
  const entries = Object.entries(env)
  if (entries.length === 0) return []
  return [`    ${key}:`, ...entries.map(([name, value]) => `      ${JSON.stringify(name)}: ${JSON.stringify(value)}`)]
}
