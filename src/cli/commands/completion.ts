import { listOptions } from '../../config.ts'
import { invalidInput } from '../../errors.ts'
import { quoted } from '../../offers/text.ts'
import type { Command } from '../command.ts'

interface Words {
  commands: readonly { name: string; summary: string; flags: readonly string[] }[]
  /** Flags of every command. */
  shared: readonly string[]
}

const SCRIPTS: Readonly<Record<string, (words: Words) => string>> = { bash, zsh, fish }

export function createCompletionCommand(commands: readonly Command[]): Command {
  const self: Command = {
    name: 'completion',
    positionals: '<bash|zsh|fish>',
    arity: { min: 1, max: 1 },
    summary: 'Print a script for bash, zsh or fish that completes commands and flags.',
    flags: {},
    async run({ positionals: [shell = ''], print }) {
      const script = Object.hasOwn(SCRIPTS, shell) ? SCRIPTS[shell] : undefined
      if (!script) {
        throw invalidInput(
          `Unknown shell ${quoted(shell)}.`,
          'Use bash, zsh or fish, for example: source <(mcp-1688 completion bash).',
        )
      }
      print(script(wordsOf([...commands, self])))
      return 0
    },
  }
  return self
}

function wordsOf(commands: readonly Command[]): Words {
  return {
    commands: commands.map(({ name, summary, flags }) => ({
      name,
      summary: (summary.replaceAll(/ \([^)]*\)/g, '').split(/[:;.]/)[0] ?? '').replaceAll("'", ''),
      flags: Object.keys(flags).map(flag => `--${flag}`),
    })),
    shared: ['--help', '--version', ...listOptions().map(({ flag }) => flag)],
  }
}

function bash({ commands, shared }: Words): string {
  const cases = commands.map(({ name, flags }) => `    ${name}) flags="${flags.join(' ')}" ;;`)
  return `_mcp_1688() {
  local word="\${COMP_WORDS[COMP_CWORD]}" flags=""
  if [[ $COMP_CWORD -eq 1 && $word != -* ]]; then
    COMPREPLY=($(compgen -W "${commands.map(({ name }) => name).join(' ')}" -- "$word"))
    return
  fi
  if [[ $word != -* ]]; then
    COMPREPLY=($(compgen -f -- "$word"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$flags ${shared.join(' ')}" -- "$word"))
}
complete -o filenames -F _mcp_1688 mcp-1688`
}

function zsh({ commands, shared }: Words): string {
  const named = commands.map(({ name, summary }) => `    '${name}:${summary}'`)
  const cases = commands.map(({ name, flags }) => `    ${name}) flags=(${flags.join(' ')}) ;;`)
  return `#compdef mcp-1688
_mcp_1688() {
  local -a commands flags
  commands=(
${named.join('\n')}
  )
  if (( CURRENT == 2 )) && [[ $PREFIX != -* ]]; then
    _describe command commands
    return
  fi
  if [[ $PREFIX != -* ]]; then
    _files
    return
  fi
  case $words[2] in
${cases.join('\n')}
  esac
  compadd -- $flags ${shared.join(' ')}
}
compdef _mcp_1688 mcp-1688`
}

function fish({ commands, shared }: Words): string {
  const none = `__fish_use_subcommand`
  const lines = commands.flatMap(({ name, summary, flags }) => [
    `complete -c mcp-1688 -n ${none} -f -a ${name} -d '${summary}'`,
    ...flags.map(flag => `complete -c mcp-1688 -n '__fish_seen_subcommand_from ${name}' -l ${flag.slice(2)}`),
  ])
  return [...lines, ...shared.map(flag => `complete -c mcp-1688 -l ${flag.slice(2)}`)].join('\n')
}
