import { lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { runInProcess } from '../../../support/in-process.ts'
import { makeTempDir, PROGRAM, type TempDir } from '../../../support/program.ts'

describe('setup', () => {
  let dir: TempDir
  let file: string
  const setup = (...args: string[]) => runInProcess(['setup', ...args], dir.path, { XDG_CONFIG_HOME: dir.path })
  const written = () => JSON.parse(readFileSync(file, 'utf8'))

  beforeEach(() => {
    dir = makeTempDir()
    file = path.join(dir.path, '.cursor', 'mcp.json')
  })
  afterEach(() => dir.remove())

  it('creates the file of a host that has none, with the options given', async () => {
    const result = await setup('cursor', '--parse-api-key', 'pmx_secret', '--tier', 'hobby')
    expect(result).toMatchObject({ exitCode: 0, stdout: `Cursor: mcp-1688 added in ${file}.\n` })
    expect(result.stdout + result.stderr).not.toContain('pmx_secret')
    const { command, args, env } = written().mcpServers['mcp-1688']
    expect([command, args]).toEqual([process.execPath, [PROGRAM]])
    expect(env).toMatchObject({ MCP1688_PARSE_API_KEY: 'pmx_secret', MCP1688_TIER: 'hobby' })
  })

  it('keeps everything else in the file, and the file as it was', async () => {
    mkdirSync(path.dirname(file))
    const before = `${JSON.stringify({ theme: 'dark', mcpServers: { other: { command: 'x' } } })}\n`
    writeFileSync(file, before)
    expect(await setup('cursor')).toMatchObject({ exitCode: 0 })
    expect(written()).toMatchObject({
      theme: 'dark',
      mcpServers: { other: { command: 'x' }, 'mcp-1688': { args: [PROGRAM] } },
    })
    const [backup = ''] = readdirSync(path.dirname(file)).filter(name => name.endsWith('.bak'))
    expect(readFileSync(path.join(path.dirname(file), backup), 'utf8')).toBe(before)
    expect((await setup('cursor')).stdout).toBe(`Cursor already has this server, as mcp-1688 in ${file}.\n`)
  })

  it('keeps variables of the server that are not given now', async () => {
    await setup('cursor', '--parse-api-key', 'pmx_secret', '--tier', 'hobby')
    const contents = written()
    contents.mcpServers['mcp-1688'].env.HTTPS_PROXY = 'http://user:word@proxy.example'
    writeFileSync(file, JSON.stringify(contents))
    const planned = await setup('cursor', '--tier', 'developer', '--dry-run')
    expect(planned.stdout).toContain('"HTTPS_PROXY": "…"')
    const done = await setup('cursor', '--tier', 'developer')
    expect(done.stdout).toContain('mcp-1688 replaced in')
    expect(done.stderr).toContain('Variables kept in its environment: MCP1688_PARSE_API_KEY, HTTPS_PROXY.')
    expect(written().mcpServers['mcp-1688'].env).toMatchObject({
      MCP1688_PARSE_API_KEY: 'pmx_secret',
      MCP1688_TIER: 'developer',
      HTTPS_PROXY: 'http://user:word@proxy.example',
    })
    expect((await setup('cursor')).stdout).toContain('already has this server')
  })

  it('shows what would happen, with secrets masked, and writes nothing', async () => {
    const { stdout } = await setup('cursor', '--dry-run', '--parse-api-key', 'pmx_secret')
    expect(stdout).toContain(`Would create ${file}: mcp-1688 added.`)
    expect(stdout).toContain('"MCP1688_PARSE_API_KEY": "…"')
    expect(readdirSync(dir.path)).not.toContain('.cursor')
  })

  it('prints the same as JSON, with secrets masked', async () => {
    const hosts = JSON.parse((await setup('--json')).stdout)
    expect(hosts).toContainEqual({ host: 'cursor', title: 'Cursor', file })
    const args = ['cursor', '--json', '--parse-api-key', 'pmx_secret']
    const planned = JSON.parse((await setup(...args, '--dry-run')).stdout)
    expect(planned).toMatchObject({ file, change: 'added', dry_run: true, backup: null })
    expect(readdirSync(dir.path)).not.toContain('.cursor')
    const done = await setup(...args)
    expect(JSON.parse(done.stdout)).toMatchObject({ change: 'added', entry: { env: { MCP1688_PARSE_API_KEY: '…' } } })
    expect(written().mcpServers['mcp-1688'].env.MCP1688_PARSE_API_KEY).toBe('pmx_secret')
  })

  it('keeps comments, trailing commas and the indentation of the file', async () => {
    mkdirSync(path.dirname(file))
    writeFileSync(file, '{\n\t// mine\n\t"mcpServers": {\n\t\t"other": { "command": "x" }, // theirs\n\t},\n}\n')
    expect(await setup('cursor')).toMatchObject({ exitCode: 0 })
    const text = readFileSync(file, 'utf8')
    expect(text).toContain('\t// mine\n')
    expect(text).toContain('// theirs\n')
    expect(text).toMatch(/\n\t\t"mcp-1688": \{\n\t\t\t"command"/)
  })

  it.each([
    ['{ "mcpServers": ', 'The file is not a JSON object'],
    ['{ "mcpServers": [] }', '"mcpServers" in the file is not an object'],
  ])('leaves a file that it cannot merge unchanged: %s', async (before, reason) => {
    mkdirSync(path.dirname(file))
    writeFileSync(file, before)
    const { exitCode, stderr } = await setup('cursor')
    expect(exitCode).toBe(2)
    expect(stderr).toContain(`${reason}: ${file}. It was left unchanged.`)
    expect(stderr).toContain('--print')
    expect(readFileSync(file, 'utf8')).toBe(before)
  })

  it('replaces the entry that earlier versions wrote, with its key', async () => {
    mkdirSync(path.dirname(file))
    const former = { command: 'npx', args: ['-y', 'mcp-1688'], env: { MCP1688_PARSE_API_KEY: 'pmx_secret' } }
    writeFileSync(file, JSON.stringify({ mcpServers: { 1688: former } }))
    expect((await setup('cursor', '--dry-run')).stdout).toContain('mcp-1688 added, 1688 removed.')
    const { stderr } = await setup('cursor')
    expect(Object.keys(written().mcpServers)).toEqual(['mcp-1688'])
    expect(written().mcpServers['mcp-1688'].env.MCP1688_PARSE_API_KEY).toBe('pmx_secret')
    expect(stderr).toContain('mcp__1688__* have to be renamed to mcp__mcp-1688__*')
  })

  it('leaves an entry named 1688 that starts another program', async () => {
    mkdirSync(path.dirname(file))
    const another = { command: 'python', args: ['/home/ana/mcp-1688-notes/server.py'] }
    writeFileSync(file, JSON.stringify({ mcpServers: { 1688: another } }))
    await setup('cursor')
    expect(Object.keys(written().mcpServers)).toEqual(['1688', 'mcp-1688'])
  })

  it('refuses a name that begins with a digit', async () => {
    const { exitCode, stderr } = await setup('cursor', '--name', '1688')
    expect(exitCode).toBe(2)
    expect(stderr).toContain('"1688" is not a valid --name: expected a letter')
  })

  it('prints the command of a host that has one', async () => {
    const { stdout } = await setup('codex', '--name', 'sourcing', '--tmapi-token', "it's")
    expect(stdout).toMatch(/^codex mcp add sourcing .*--env 'MCP1688_TMAPI_TOKEN=it'\\''s'.* -- /)
  })

  it('prints the command and the block as JSON, too', async () => {
    const codex = JSON.parse((await setup('codex', '--json', '--tier', 'hobby')).stdout)
    expect(codex).toMatchObject({ host: 'codex', file: null, entry: { env: { MCP1688_TIER: 'hobby' } } })
    expect(codex.command_line).toMatch(/^codex mcp add mcp-1688 .*--env MCP1688_TIER=hobby .*-- /)
    const cursor = JSON.parse((await setup('cursor', '--print', '--json')).stdout)
    expect(cursor).toMatchObject({ file, command_line: null, entry: { args: [PROGRAM] } })
  })

  it('prints nothing but the block on stdout, and a link without keys beside it', async () => {
    const { stdout, stderr } = await setup('vscode', '--print', '--tmapi-token', 'tm_secret')
    expect(JSON.parse(stdout).servers['mcp-1688'].env.MCP1688_TMAPI_TOKEN).toBe('tm_secret')
    expect(stderr).toContain('https://insiders.vscode.dev/redirect?url=vscode%3Amcp%2Finstall')
    expect(stderr).not.toContain('tm_secret')
    const { link } = JSON.parse((await setup('vscode', '--print', '--json', '--tmapi-token', 'tm_secret')).stdout)
    expect(link).not.toContain('tm_secret')
  })

  it('says that permission rules have to be renamed if a host has them', async () => {
    const { stderr } = await setup('claude-code')
    expect(stderr).toContain('claude mcp remove 1688')
    expect(stderr).toContain('mcp__1688__* have to be renamed to mcp__mcp-1688__*')
  })

  it('writes through a link and leaves it one', async () => {
    mkdirSync(path.dirname(file))
    const real = path.join(dir.path, 'dotfiles.json')
    writeFileSync(real, '{}')
    symlinkSync(real, file)
    expect(await setup('cursor')).toMatchObject({ exitCode: 0 })
    expect(lstatSync(file).isSymbolicLink()).toBe(true)
    expect(readFileSync(real, 'utf8')).toContain('mcpServers')
  })

  it('writes the form of opencode, whose entries have one list for command and arguments', async () => {
    file = path.join(dir.path, 'opencode', 'opencode.json')
    await setup('opencode', '--tmapi-token', 'tm_secret')
    const environment = { MCP1688_TMAPI_TOKEN: 'tm_secret' }
    expect(written().mcp['mcp-1688']).toMatchObject({
      type: 'local',
      command: [process.execPath, PROGRAM],
      environment,
      enabled: true,
    })
    const { stderr } = await setup('opencode', '--tier', 'hobby')
    expect(stderr).toContain('Variables kept in its environment: MCP1688_TMAPI_TOKEN.')
    expect(written().mcp['mcp-1688'].environment).toMatchObject({ ...environment, MCP1688_TIER: 'hobby' })
  })

  it('prints YAML in which every string is quoted', async () => {
    const given = ['--tmapi-token', '1688', '--data-dir', 'C:\\data: "x" # y']
    const environment = { MCP1688_TMAPI_TOKEN: '1688', MCP1688_DATA_DIR: given[3] }
    const continued = await setup('continue', ...given)
    expect(continued.stderr).toContain(`For ${path.join(dir.path, '.continue', 'config.yaml')}:`)
    const [server] = parse(continued.stdout).mcpServers
    expect(server).toMatchObject({ name: 'mcp-1688', command: process.execPath, args: [PROGRAM], env: environment })
    const goose = parse((await setup('goose', ...given)).stdout).extensions['mcp-1688']
    expect(goose).toMatchObject({
      type: 'stdio',
      enabled: true,
      cmd: process.execPath,
      args: [PROGRAM],
      envs: environment,
    })
    expect(parse((await setup('goose')).stdout).extensions['mcp-1688']).toHaveProperty('cmd', process.execPath)
  })

  it('names the nearest host', async () => {
    const { exitCode, stderr } = await setup('curser')
    expect(exitCode).toBe(2)
    expect(stderr).toContain('Did you mean cursor?')
  })
})
