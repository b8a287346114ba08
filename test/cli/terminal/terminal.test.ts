import { describe, expect, it } from 'vitest'
import { terminalPage } from '../../../src/cli/terminal/page.ts'
import { terminalOf } from '../../../src/cli/terminal/terminal.ts'

const terminal = (env: Record<string, string>) => terminalOf({ env, stdoutColumns: 80 })

describe('terminalOf', () => {
  it('is null if stdout is a pipe, whatever the environment says', () => {
    expect(terminalOf({ env: { FORCE_COLOR: '1', TERM: 'xterm-kitty' }, stdoutColumns: null })).toBeNull()
  })

  it('takes the default width if the terminal reports none', () => {
    expect(terminalOf({ env: {}, stdoutColumns: 0 })?.columns).toBe(80)
  })

  it.each([
    [{}, true],
    [{ NO_COLOR: '' }, true],
    [{ NO_COLOR: '1' }, false],
    [{ TERM: 'dumb' }, false],
    [{ FORCE_COLOR: '1', NO_COLOR: '1' }, true],
    [{ FORCE_COLOR: '0' }, false],
  ])('%j: colours %s', (env, colours) => {
    expect(terminal(env)?.colours).toBe(colours)
  })

  it.each([
    [{ TERM: 'xterm-256color' }, null],
    [{ TERM: 'xterm-256color', TERM_PROGRAM: 'iTerm.app' }, 'iterm2'],
    [{ TERM: 'xterm-256color', TERM_PROGRAM: 'WezTerm' }, 'iterm2'],
    [{ TERM: 'xterm-256color', LC_TERMINAL: 'iTerm2' }, 'iterm2'],
    [{ TERM: 'xterm-kitty' }, 'kitty'],
    [{ KITTY_WINDOW_ID: '3', TERM: 'xterm-256color' }, 'kitty'],
    [{ TERM: 'xterm-ghostty' }, 'kitty'],
    [{ TERM: 'foot' }, null],
    [{ TERM: 'tmux-256color', TERM_PROGRAM: 'iTerm.app' }, null],
    [{ TERM: 'xterm-kitty', TMUX: '/tmp/tmux' }, null],
  ])('%j: pictures by %s', (env, pictures) => {
    expect(terminal(env)?.pictures).toBe(pictures)
  })
})

describe('terminalPage', () => {
  const page = {
    head: ['1 of 1 offers', 'note: made up'],
    table: { columns: [{ name: 'offer_id' }], rows: ['same item', ['10001']] },
    tail: ['next: more'],
  }

  it('colours heads, groups and notes, and nothing without colours', () => {
    const coloured = terminalPage(page, { columns: 80, colours: true, pictures: null })
    expect(coloured).toContain('\u001B[32msame item\u001B[39m')
    expect(coloured).toContain('\u001B[33mnote: made up\u001B[39m')
    const plain = terminalPage(page, { columns: 80, colours: false, pictures: null })
    expect(plain).toBe('1 of 1 offers\nnote: made up\n\noffer_id\nsame item\n10001\n\nnext: more')
  })

  it('says that there are no offers, and which columns do not fit', () => {
    const empty = { ...page, table: { ...page.table, rows: [] } }
    expect(terminalPage(empty, { columns: 80, colours: false, pictures: null })).toContain('\n(no offers)\n')
    const wide = { ...page, table: { columns: [{ name: 'a' }, { name: 'b' }], rows: [['1'.repeat(9), '2'.repeat(9)]] } }
    expect(terminalPage(wide, { columns: 12, colours: false, pictures: null })).toContain('no room for:\nb (use a')
  })
})
