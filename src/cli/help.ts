import { listOptions } from '../config.ts'
import type { Command, CommandNotes } from './command.ts'

const WIDTH = 80

/** A longer name gets a line to itself. */
const LONGEST_NAME = 24

export function programHelp(commands: readonly Command[]): string {
  const rows = commands.map(command => [`${command.name} ${command.positionals}`.trim(), command.summary] as const)
  return [
    'mcp-1688: find products on 1688.com from a photo, as an MCP server or from the command line.',
    '',
    'Usage: mcp-1688 [command] [flags]',
    '',
    'Commands (details: mcp-1688 COMMAND --help):',
    ...table(rows),
    '',
    'Options of every command (flag, or the environment variable below it):',
    ...optionRows(null),
    '',
    'Exit codes: 0 done, 2 the input is wrong, 3 not found, 4 key or credits, 5 try again later, 1 anything else.',
  ].join('\n')
}

export function commandHelp(command: Command): string {
  const flags = Object.entries(command.flags).map(
    ([name, flag]) => [flag.value === 'switch' ? `--${name}` : `--${name} ${flag.value}`, flag.help] as const,
  )
  return [
    ...wrap(command.summary, 0),
    '',
    `Usage: mcp-1688 ${command.name} ${command.positionals} [flags]`.replaceAll(/ +/g, ' '),
    ...(flags.length > 0 ? ['', 'Flags:', ...table(flags)] : []),
    ...(command.notes ? ['', notesText(command.notes)] : []),
    ...(command.options
      ? ['', 'Options (flag, or the environment variable below it):', ...optionRows(command.options)]
      : []),
    '',
    'mcp-1688 --help lists the options of every command.',
  ].join('\n')
}

export function notesText({ title, rows }: CommandNotes): string {
  return [`${title}:`, ...table(rows)].join('\n')
}

function optionRows(keys: readonly string[] | null): string[] {
  const shown = listOptions().filter(({ key }) => keys === null || keys.includes(key))
  return shown.flatMap(option => {
    const fallback = option.defaultText === null ? '' : ` Default: ${option.defaultText}.`
    return [`  ${option.flag} ${option.value}`, `    ${option.env}`, ...wrap(`${option.help}${fallback}`, 4)]
  })
}

function table(rows: readonly (readonly [name: string, text: string])[]): string[] {
  const short = rows.map(([name]) => name.length).filter(length => length <= LONGEST_NAME)
  const width = Math.max(...short) + 2
  return rows.flatMap(([name, text]) => {
    const lines = wrap(text, width + 2)
    if (name.length > LONGEST_NAME) return [`  ${name}`, ...lines]
    const [first = '', ...rest] = lines
    return [`  ${name.padEnd(width)}${first.trimStart()}`, ...rest]
  })
}

function wrap(text: string, indent: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && indent + line.length + word.length + 1 > WIDTH) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line].map(text => ' '.repeat(indent) + text)
}
