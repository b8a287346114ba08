/** What the terminal at stdout can do: its width, colours, and the protocol by which it draws pictures. */
import type { Machine } from './machine.ts'

/** How a terminal draws a picture between its lines. */
export type PictureProtocol = 'iterm2' | 'kitty'

export interface Terminal {
  /** Characters a line. */
  columns: number
  colours: boolean
  pictures: PictureProtocol | null
}

/** Where the width cannot be told. */
const USUAL_COLUMNS = 80

/** The terminal at stdout; `null` where stdout is a pipe or a file: what reads there wants plain text. */
export function terminalOf({ env, stdoutColumns }: Pick<Machine, 'env' | 'stdoutColumns'>): Terminal | null {
  if (stdoutColumns === null) return null
  return { columns: stdoutColumns || USUAL_COLUMNS, colours: hasColours(env), pictures: pictureProtocolOf(env) }
}

/** FORCE_COLOR wins over NO_COLOR, as in Node itself; both count by being set to anything but nothing. */
function hasColours(env: Machine['env']): boolean {
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false'
  return !env.NO_COLOR && env.TERM !== 'dumb'
}

/** Known by the names that terminals give themselves; one that names nothing is not asked, for its answer would come through stdin. */
function pictureProtocolOf(env: Machine['env']): PictureProtocol | null {
  const { TERM = '', TERM_PROGRAM = '' } = env
  // Multiplexers swallow or misplace what they do not know.
  if (env.TMUX || env.ZELLIJ || /^(screen|tmux|dumb)/.test(TERM)) return null
  if (env.KITTY_WINDOW_ID || /^xterm-(kitty|ghostty)/.test(TERM) || TERM_PROGRAM === 'ghostty') return 'kitty'
  if (/^(iTerm\.app|WezTerm)$/.test(TERM_PROGRAM) || env.LC_TERMINAL === 'iTerm2') return 'iterm2'
  return null
}
