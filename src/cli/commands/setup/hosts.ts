/** Owns what is known of the hosts that setup configures: where each keeps its list of MCP servers, and in which form. */
import path from 'node:path'
import type { Machine } from '../../command.ts'

/** How a host starts a server over stdio. */
export interface ServerEntry {
  command: string
  args: readonly string[]
  env: Readonly<Record<string, string>>
}

/** A program that runs MCP servers. */
export interface Host {
  name: string
  title: string
  /** The key of its file under which servers stand. */
  serversKey: 'mcpServers' | 'servers'
  /** Its file on this machine; `null` where it keeps none that can be merged, or none on this system. */
  fileOf(machine: Machine): string | null
  /** What else stands in an entry. */
  extra?: Readonly<Record<string, string>>
  /** What to say once it is written. */
  after: string
  /** The same as a command of the host's own, where it has one. */
  commandLine?(name: string, entry: ServerEntry): string
}

const RESTART = 'Quit and start it again; the tools then stand in its list.'

/** Every host, by the names that `setup` takes. Paths and keys are those of each host's own documentation (autumn 2026). */
export const HOSTS: readonly Host[] = [
  {
    name: 'claude',
    title: 'Claude Desktop',
    serversKey: 'mcpServers',
    // There is no Claude Desktop for Linux; builds of others keep their file where Linux programs do.
    fileOf: machine => path.join(appDataOf(machine), 'Claude', 'claude_desktop_config.json'),
    after: RESTART,
  },
  {
    name: 'claude-code',
    title: 'Claude Code',
    serversKey: 'mcpServers',
    // Its file of one folder is shared with everyone who has the folder: no place for an API key. Its own command keeps it private.
    fileOf: () => null,
    after: 'Run this command; claude mcp list then shows the server.',
    commandLine: (name, { command, args, env }) =>
      ['claude mcp add', name, ...environmentFlags(env), '--', quote(command), ...args.map(quote)].join(' '),
  },
  {
    name: 'cursor',
    title: 'Cursor',
    serversKey: 'mcpServers',
    fileOf: machine => path.join(machine.homeDir, '.cursor', 'mcp.json'),
    after: 'Open Settings > MCP and turn the server on.',
  },
  {
    name: 'vscode',
    title: 'VS Code',
    serversKey: 'servers',
    extra: { type: 'stdio' },
    fileOf: machine => path.join(appDataOf(machine), 'Code', 'User', 'mcp.json'),
    after: 'Run "MCP: List Servers" in VS Code and start it.',
  },
  {
    name: 'windsurf',
    title: 'Windsurf',
    serversKey: 'mcpServers',
    fileOf: machine => path.join(machine.homeDir, '.codeium', 'windsurf', 'mcp_config.json'),
    after: 'Press refresh in the list of MCP servers.',
  },
  {
    name: 'gemini',
    title: 'Gemini CLI',
    serversKey: 'mcpServers',
    fileOf: machine => path.join(machine.homeDir, '.gemini', 'settings.json'),
    after: 'Start gemini again; /mcp lists the tools.',
  },
  {
    name: 'lmstudio',
    title: 'LM Studio',
    serversKey: 'mcpServers',
    fileOf: machine => path.join(machine.homeDir, '.lmstudio', 'mcp.json'),
    after: 'Turn the server on in the Program tab.',
  },
  {
    name: 'codex',
    title: 'Codex CLI',
    serversKey: 'mcpServers',
    // Its file is TOML, which cannot be merged without losing the comments in it; its own command can.
    fileOf: () => null,
    after: 'Run this command; codex mcp list then shows the server.',
    commandLine: (name, { command, args, env }) =>
      ['codex mcp add', name, ...environmentFlags(env, '--env'), '--', quote(command), ...args.map(quote)].join(' '),
  },
]

function appDataOf({ platform, homeDir, env }: Machine): string {
  if (platform === 'darwin') return path.join(homeDir, 'Library', 'Application Support')
  if (platform === 'win32') return env.APPDATA ?? path.join(homeDir, 'AppData', 'Roaming')
  return env.XDG_CONFIG_HOME ?? path.join(homeDir, '.config')
}

function environmentFlags(env: Readonly<Record<string, string>>, flag = '-e'): string[] {
  return Object.entries(env).map(([name, value]) => `${flag} ${quote(`${name}=${value}`)}`)
}

/** A word for a POSIX shell. */
function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
