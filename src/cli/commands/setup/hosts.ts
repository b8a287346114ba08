/** The hosts that setup configures: where each keeps its list of MCP servers, and in what form. */
import path from 'node:path'
import { knownHome } from '../../../store/data-dir.ts'
import type { Machine } from '../../terminal/machine.ts'
import { FORMER_NAME, type ServerEntry } from './launch.ts'
import { continueBlock, gooseBlock } from './yaml-blocks.ts'

export interface Host {
  name: string
  title: string
  /** The key in its file that holds the servers. */
  serversKey: 'mcpServers' | 'servers' | 'mcp'
  /** Its file on this machine; `null` if it is not changed by setup. */
  fileOf(machine: Machine): string | null
  /** Further fields of an entry. */
  extra?: Readonly<Record<string, string>>
  /** An entry as its file has it, where that is not `command`, `args` and `env`. */
  form?: { environmentKey: string; of(entry: ServerEntry): Record<string, unknown> }
  /** What to do once the entry is written. */
  after: string
  /** The block to paste into its YAML, which cannot be merged without losing comments, and where that is. */
  yaml?: { file(machine: Machine): string; block(name: string, entry: ServerEntry): string }
  /** The host's own command that adds the server. */
  commandLine?(name: string, entry: ServerEntry): string
  /** The host's own command that removes the entry under its former name. */
  formerRemoval?: string
  /** A link that opens the host and adds the server, without its environment: an API key does not belong in a link. */
  installLink?(name: string, launch: Omit<ServerEntry, 'env'>): string
}

const RESTART = 'Quit Claude Desktop and start it again; its list of tools then includes those of mcp-1688.'

/** Paths and keys are from each host's own documentation (autumn 2026). */
export const HOSTS: readonly Host[] = [
  {
    name: 'claude',
    title: 'Claude Desktop',
    serversKey: 'mcpServers',
    // There is no official Claude Desktop for Linux; unofficial builds keep the file where Linux programs do.
    fileOf: machine => path.join(appDataOf(machine), 'Claude', 'claude_desktop_config.json'),
    after: RESTART,
  },
  {
    name: 'claude-code',
    title: 'Claude Code',
    serversKey: 'mcpServers',
    // A project's file is shared with everyone who has the folder; the command keeps the entry, and its keys, private.
    fileOf: () => null,
    after: 'Run this command (with --scope user after "add", for every folder); claude mcp list then shows the server.',
    formerRemoval: `claude mcp remove ${FORMER_NAME}`,
    commandLine: (name, { command, args, env }) =>
      ['claude mcp add', name, ...environmentFlags(env), '--', quote(command), ...args.map(quote)].join(' '),
  },
  {
    name: 'cursor',
    title: 'Cursor',
    serversKey: 'mcpServers',
    fileOf: machine => path.join(knownHome(machine.homeDir), '.cursor', 'mcp.json'),
    after: 'Open Settings > MCP and turn the server on.',
    installLink: (name, launch) => `https://cursor.com/install-mcp?name=${name}&config=${base64Config(launch)}`,
  },
  {
    name: 'vscode',
    title: 'VS Code',
    serversKey: 'servers',
    extra: { type: 'stdio' },
    fileOf: machine => path.join(appDataOf(machine), 'Code', 'User', 'mcp.json'),
    after: 'Run "MCP: List Servers" in VS Code and start it.',
    installLink: (name, { command, args }) => {
      const target = `vscode:mcp/install?${encodeURIComponent(JSON.stringify({ name, command, args }))}`
      return `https://insiders.vscode.dev/redirect?url=${encodeURIComponent(target)}`
    },
  },
  {
    name: 'windsurf',
    title: 'Windsurf',
    serversKey: 'mcpServers',
    fileOf: machine => path.join(knownHome(machine.homeDir), '.codeium', 'windsurf', 'mcp_config.json'),
    after: 'Press refresh in the list of MCP servers.',
  },
  {
    name: 'gemini',
    title: 'Gemini CLI',
    serversKey: 'mcpServers',
    fileOf: machine => path.join(knownHome(machine.homeDir), '.gemini', 'settings.json'),
    after: 'Start gemini again; /mcp lists the tools.',
  },
  {
    name: 'qwen',
    title: 'Qwen Code',
    serversKey: 'mcpServers',
    fileOf: machine => path.join(knownHome(machine.homeDir), '.qwen', 'settings.json'),
    after: 'Start qwen again; /mcp lists the tools.',
  },
  {
    name: 'opencode',
    title: 'opencode',
    serversKey: 'mcp',
    form: {
      environmentKey: 'environment',
      of: ({ command, args, env }) => ({ type: 'local', command: [command, ...args], environment: env, enabled: true }),
    },
    fileOf: ({ homeDir, env }) =>
      path.join(env.XDG_CONFIG_HOME ?? path.join(knownHome(homeDir), '.config'), 'opencode', 'opencode.json'),
    after: 'Start opencode again; opencode mcp list then shows the server.',
  },
  {
    name: 'cline',
    title: 'Cline (VS Code)',
    serversKey: 'mcpServers',
    fileOf: machine => {
      const storage = path.join(appDataOf(machine), 'Code', 'User', 'globalStorage', 'saoudrizwan.claude-dev')
      return path.join(storage, 'settings', 'cline_mcp_settings.json')
    },
    after: 'Open MCP Servers in Cline; the list shows the server.',
  },
  {
    name: 'cline-cli',
    title: 'Cline CLI',
    serversKey: 'mcpServers',
    fileOf: ({ homeDir, env }) =>
      path.join(
        env.CLINE_DIR ?? path.join(knownHome(homeDir), '.cline'),
        'data',
        'settings',
        'cline_mcp_settings.json',
      ),
    after: 'Start cline again.',
  },
  {
    name: 'continue',
    title: 'Continue',
    serversKey: 'mcpServers',
    fileOf: () => null,
    yaml: {
      file: machine => path.join(knownHome(machine.homeDir), '.continue', 'config.yaml'),
      block: continueBlock,
    },
    after: 'Paste this into the file, under mcpServers if that is there; Continue reads it when it is saved.',
  },
  {
    name: 'goose',
    title: 'goose',
    serversKey: 'mcpServers',
    fileOf: () => null,
    yaml: { file: gooseFile, block: gooseBlock },
    after: 'Paste this into the file, under extensions if that is there; the next session has the tools.',
  },
  {
    name: 'lmstudio',
    title: 'LM Studio',
    serversKey: 'mcpServers',
    fileOf: machine => path.join(knownHome(machine.homeDir), '.lmstudio', 'mcp.json'),
    after: 'Turn the server on in the Program tab.',
    installLink: (name, launch) => `https://lmstudio.ai/install-mcp?name=${name}&config=${base64Config(launch)}`,
  },
  {
    name: 'codex',
    title: 'Codex CLI',
    serversKey: 'mcpServers',
    // Its file is TOML, which cannot be merged without losing comments.
    fileOf: () => null,
    after: 'Run this command; codex mcp list then shows the server.',
    formerRemoval: `codex mcp remove ${FORMER_NAME}`,
    commandLine: (name, { command, args, env }) =>
      ['codex mcp add', name, ...environmentFlags(env, '--env'), '--', quote(command), ...args.map(quote)].join(' '),
  },
]

function gooseFile({ platform, homeDir, env }: Machine): string {
  if (platform !== 'win32')
    return path.join(env.XDG_CONFIG_HOME ?? path.join(knownHome(homeDir), '.config'), 'goose', 'config.yaml')
  const appData = env.APPDATA ?? path.join(knownHome(homeDir), 'AppData', 'Roaming')
  return path.join(appData, 'Block', 'goose', 'config', 'config.yaml')
}

/** An entry as the host's file has it. */
export function writtenEntry(host: Host, entry: ServerEntry): Record<string, unknown> {
  return host.form?.of(entry) ?? { ...host.extra, ...entry }
}

function appDataOf({ platform, homeDir, env }: Machine): string {
  if (platform === 'darwin') return path.join(knownHome(homeDir), 'Library', 'Application Support')
  if (platform === 'win32') return env.APPDATA ?? path.join(knownHome(homeDir), 'AppData', 'Roaming')
  return env.XDG_CONFIG_HOME ?? path.join(knownHome(homeDir), '.config')
}

function base64Config({ command, args }: Omit<ServerEntry, 'env'>): string {
  return encodeURIComponent(Buffer.from(JSON.stringify({ command, args })).toString('base64'))
}

function environmentFlags(env: Readonly<Record<string, string>>, flag = '-e'): string[] {
  return Object.entries(env).map(([name, value]) => `${flag} ${quote(`${name}=${value}`)}`)
}

/** A word for a POSIX shell. */
function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
