import { describe, expect, it } from 'vitest'
import { parseCommandLine } from '../../src/cli/arguments.ts'
import { COMMANDS, loadCommands } from '../../src/cli/commands/list.ts'
import { AppError } from '../../src/errors.ts'

const parse = (...argv: string[]) => parseCommandLine(argv, COMMANDS)

describe('parseCommandLine', () => {
  it('means the server over stdio if no command is named', async () => {
    expect(await parse()).toMatchObject({ command: { name: 'stdio' }, positionals: [], options: {} })
    expect((await parse('--log-level', 'debug')).command.name).toBe('stdio')
  })

  it('distinguishes words, flags of the command and options of the configuration', async () => {
    const line = await parse('search', 'a.jpg', '--page-size=5', '--json', '--data-dir', '/tmp/x', '--tier', 'hobby')
    expect(line).toMatchObject({
      command: { name: 'search' },
      positionals: ['a.jpg'],
      flags: { 'page-size': '5', json: 'true' },
      options: { dataDir: '/tmp/x', tier: 'hobby' },
    })
    expect((await parse('--tier', 'hobby', 'usage')).command.name).toBe('usage')
  })

  it('takes a word that looks like a command for what it is when it comes second', async () => {
    expect(await parse('search', 'search')).toMatchObject({ command: { name: 'search' }, positionals: ['search'] })
  })

  it.each([
    [['serch', 'a.jpg'], 'Did you mean search?'],
    [['search', 'a.jpg', '--pagesize', '5'], 'Did you mean --page-size?'],
    [['search', 'a.jpg', '--loc', '5'], 'Did you mean --location?'],
    [['details'], 'mcp-1688 details <offer>'],
    [['search', 'a.jpg', 'b.jpg', 'c.jpg', 'd.jpg', 'e.jpg'], 'mcp-1688 search [image...]'],
    [['search', 'a.jpg', '--page-size'], 'See mcp-1688 search --help'],
    [['details', '1', '--page', '2'], 'Unknown flag --page for "mcp-1688 details"'],
    [['doctor', '--spend=false'], '--spend does not take a value'],
    [['help', 'serch'], 'Did you mean search?'],
  ])('refuses %j and says what to write', async (argv, words) => {
    try {
      await parse(...argv)
      expect.unreachable()
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      expect(`${error.message} ${error.hint}`).toContain(words)
    }
  })

  it('knows --json for every command that answers', async () => {
    const silent = (await loadCommands(COMMANDS))
      .filter(({ flags }) => flags.json === undefined)
      .map(({ name }) => name)
    expect(silent).toEqual(['stdio', 'serve', 'authorize', 'completion'])
  })

  it('needs no arguments if help is asked for', async () => {
    expect(await parse('search', '--help')).toMatchObject({ help: true })
    expect(await parse('help', 'search')).toMatchObject({ help: true, command: { name: 'search' } })
    expect(await parse('help')).toMatchObject({ help: true, command: { name: 'stdio' } })
    expect(await parse('-v')).toMatchObject({ version: true })
  })
})
