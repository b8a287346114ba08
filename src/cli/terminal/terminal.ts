import type { Machine } from './machine.ts'

export type PictureProtocol = 'iterm2' | 'kitty'

export interface Terminal {
  /** Width in characters. */
  columns: number
  colours: boolean
  pictures: PictureProtocol | null
}

const DEFAULT_COLUMNS = 80

/** The terminal at stdout; `null` for a pipe or a file, whose reader wants plain text. */
export function terminalOf({ env, stdoutColumns }: Pick<Machine, 'env' | 'stdoutColumns'>): Terminal | null {
  if (stdoutColumns === null) return null
  return { columns: stdoutColumns || DEFAULT_COLUMNS, colours: hasColours(env), pictures: pictureProtocolOf(env) }
}

/** FORCE_COLOR wins over NO_COLOR, as in Node itself; an empty value counts as not set. */
function hasColours(env: Machine['env']): boolean {
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false'
  return !env.NO_COLOR && env.TERM !== 'dumb'
}

/** By the names that terminals set in the environment. Others are not queried: their reply would arrive on stdin. */
function pictureProtocolOf(env: Machine['env']): PictureProtocol | null {
  const { TERM = '', TERM_PROGRAM = '' } = env
  // Multiplexers swallow or misplace sequences that they do not know.
  if (env.TMUX || env.ZELLIJ || /^(screen|tmux|dumb)/.test(TERM)) return null
  if (env.KITTY_WINDOW_ID || /^xterm-(kitty|ghostty)/.test(TERM) || TERM_PROGRAM === 'ghostty') return 'kitty'
  if (/^(iTerm\.app|WezTerm)$/.test(TERM_PROGRAM) || env.LC_TERMINAL === 'iTerm2') return 'iterm2'
  return null
}
