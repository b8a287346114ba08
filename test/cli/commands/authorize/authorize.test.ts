import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { runInProcess } from '../../../support/in-process.ts'
import { makeListings } from '../../../support/listings.ts'
import { type Platform, startOpen1688Platform } from '../../../support/open1688-consent.ts'
import { makeTempDir, serverCommand } from '../../../support/program.ts'

const REDIRECT = 'https://app.example.com/callback?from=mcp'
const MINUTE_MS = 60_000

describe('authorize open1688', () => {
  it('stores tokens for a pasted address, readable by the owner only, with which calls then work', async () => {
    const { platform, authorize, run, dataDir } = await start()
    const { exitCode, text } = await authorize([], address => platform.visit(address))
    expect(text).toContain('Authorised.')
    expect(exitCode).toBe(0)
    for (const name of readdirSync(dataDir).filter(name => name.startsWith('open1688-tokens'))) {
      expect(statSync(path.join(dataDir, name)).mode & 0o777, name).toBe(0o600)
    }
    const details = await run(['details', '610000000001'])
    expect(details).toMatchObject({ exitCode: 0 })
    platform.gateway.accessTokens.clear()
    expect(await run(['details', '610000000002'])).toMatchObject({ exitCode: 0 })
    expect(
      platform.gateway.calls.filter(({ api }) => api === 'getToken').map(({ fields }) => fields.grant_type),
    ).toEqual(['authorization_code', 'refresh_token'])
  })

  it.each<[string, (address: URL) => string]>([
    ['a code alone', ({ searchParams }) => searchParams.get('code') ?? ''],
    ['blanks and typographic quotes', ({ href }) => `  “${href}” \t`],
    ['angle brackets', ({ href }) => `<${href}>`],
    ['blanks inside', ({ href }) => href.replace('&code=', ' &code= ')],
    ['HTML', ({ href }) => href.replaceAll('&', '&amp;')],
    ['the query alone', ({ search }) => search],
    ['a fragment', ({ href }) => `${href}#_=_`],
    ['an empty line before it', ({ href }) => `\n\n${href}`],
  ])('reads %s', async (_kind, paste) => {
    const { platform, authorize } = await start()
    const { exitCode } = await authorize([], async address => paste(new URL(await platform.visit(address))))
    expect(exitCode).toBe(0)
  })

  it.each<[string, (platform: Platform, address: string) => Promise<string> | string, RegExp]>([
    [
      'another state',
      async (platform, address) => (await platform.visit(address)).replace(/state=\w{4}/, 'state=0000'),
      /belongs to another authorisation/,
    ],
    [
      'no state',
      async (platform, address) => (await platform.visit(address)).replace(/&state=\w+/, ''),
      /belongs to another authorisation/,
    ],
    [
      'a refusal',
      (platform, address) => platform.visit(address, 'refuse'),
      /Access was not granted .* Run the command again/,
    ],
    [
      'an expired code',
      async (platform, address) => {
        const redirected = await platform.visit(address)
        platform.pass(2 * MINUTE_MS + 1)
        return redirected
      },
      /rejected the code: it has expired, .*within two minutes/,
    ],
    ['the address that was to be opened', (_platform, address) => address, /contains no code/],
    ['nothing', () => '', /No code was entered/],
    ['a sentence', () => 'it does not work!', /not an authorisation code/],
  ])('fails with what to do after %s', async (_kind, paste, message) => {
    const { platform, authorize } = await start()
    const { exitCode, text } = await authorize([], address => paste(platform, address))
    expect(text).toMatch(message)
    expect([2, 4]).toContain(exitCode)
  })

  it('names app key and secret if the platform refuses them', async () => {
    const { platform, authorize } = await start({ MCP1688_OPEN1688_APP_SECRET: 'wrong-canary' })
    const { exitCode, text } = await authorize([], address => platform.visit(address))
    expect(exitCode).toBe(4)
    expect(text).toContain('1688 rejected the app key or the app secret. Set MCP1688_OPEN1688_APP_KEY')
  })

  it.each<[string, string[], Record<string, string>, string]>([
    [
      'no app secret',
      ['open1688', '--listen'],
      { MCP1688_OPEN1688_APP_SECRET: '' },
      'without MCP1688_OPEN1688_APP_SECRET.',
    ],
    ['no redirect address', ['open1688'], {}, 'three kinds of applications'],
    ['another upstream', ['tmapi'], {}, 'Only open1688'],
    [
      'a redirect that is not an address',
      ['open1688', '--redirect-uri', 'app.example.com'],
      {},
      'is not an http(s) address',
    ],
    ['a listener elsewhere', ['open1688', '--listen', '--redirect-uri', REDIRECT], {}, 'an address of this computer'],
    [
      'a lasting token',
      ['open1688', '--listen'],
      { MCP1688_OPEN1688_ACCESS_TOKEN: 'lasting-canary' },
      'nothing has to be authorised',
    ],
    [
      'an application without token',
      ['open1688', '--listen'],
      { MCP1688_OPEN1688_AUTH: 'none' },
      'nothing has to be authorised',
    ],
  ])('asks for no consent with %s', async (_kind, args, env, words) => {
    const { run } = await start(env)
    const result = await run(['authorize', ...args])
    expect(result.stdout).toBe('')
    expect(result.stderr).toContain(words)
  })

  it('replaces a refresh token of the settings that is used up', async () => {
    const { platform, authorize, run } = await start({ MCP1688_OPEN1688_REFRESH_TOKEN: 'used-up-canary' })
    const before = await run(['details', '610000000001'])
    expect(before.stderr).toContain('Run mcp-1688 authorize open1688 with the same settings')
    await authorize([], address => platform.visit(address))
    expect(await run(['details', '610000000001'])).toMatchObject({ exitCode: 0 })
  })

  it('is followed by a doctor that says which APIs may be called', async () => {
    const { platform, authorize, run } = await start()
    await authorize([], address => platform.visit(address))
    expect((await run(['doctor'])).stdout).toContain('the key works for all 8 APIs')
    platform.gateway.grants.delete('product.search.keywordQuery')
    // From a client's log of a spent package of picture searches.
    const body = { error_code: 'gw.NoUsageLeftError', error_message: 'SLA bill has no usage left' }
    platform.gateway.answerNext('product.search.imageQuery', { status: 400, body })
    const { stdout } = await run(['doctor'])
    expect(stdout).toContain('but not for product.search.keywordQuery\n')
    expect(stdout).toContain('but the bought calls of product.search.imageQuery are used up\n')
    expect(stdout).toContain(
      'Ready for calls: product.image.upload, alibaba.cross.similar.offer.search, product.search.querySellerOfferList, product.analyze.getPerdaySellQuantityTrendNew, product.freight.estimate, product.search.queryProductDetail.',
    )
  })

  it('listens on a free port of the loopback for one request', async () => {
    const { platform, authorize, run } = await start()
    platform.registered.add('127.0.0.1')
    let page = new Response()
    let redirected = ''
    const { exitCode } = await authorize(['--listen'], async address => {
      redirected = await platform.visit(address)
      const { origin } = new URL(redirected)
      expect((await fetch(`${origin}/favicon.ico`)).status).toBe(404)
      page = await fetch(redirected)
      return null
    })
    expect(exitCode).toBe(0)
    expect(page.status).toBe(200)
    expect(page.headers.get('cache-control')).toBe('no-store')
    expect(page.headers.get('referrer-policy')).toBe('no-referrer')
    await expect(fetch(redirected)).rejects.toThrow()
    expect(await run(['details', '610000000001'])).toMatchObject({ exitCode: 0 })
  })

  it('refuses a request to the listener that has another state', async () => {
    const { platform, authorize } = await start()
    platform.registered.add('127.0.0.1')
    const { exitCode, text } = await authorize(['--listen'], async address => {
      const page = await fetch((await platform.visit(address)).replace(/state=\w+/, 'state=0'))
      expect(page.status).toBe(400)
      return null
    })
    expect(exitCode).toBe(2)
    expect(text).toContain('belongs to another authorisation')
    expect(platform.gateway.count('getToken')).toBe(0)
  })
})

describe('open1688 of a single user', () => {
  it('calls without a token', async () => {
    const { platform, run } = await start({ MCP1688_OPEN1688_AUTH: 'none' })
    platform.gateway.isSingleUser = true
    expect(await run(['details', '610000000001'])).toMatchObject({ exitCode: 0 })
    expect(platform.gateway.calls.map(({ fields }) => fields.access_token)).toEqual([undefined])
  })

  it('is told to authorise where the platform requires a token', async () => {
    const { run } = await start({ MCP1688_OPEN1688_AUTH: 'none' })
    const { exitCode, stderr } = await run(['details', '610000000001'])
    expect(exitCode).toBe(4)
    expect(stderr).toContain('Remove MCP1688_OPEN1688_AUTH=none, then run mcp-1688 authorize open1688.')
  })
})

it('names the command if an application was never authorised', async () => {
  const { run, dataDir } = await start()
  const { exitCode, stderr } = await run(['details', '610000000001'])
  expect(exitCode).toBe(4)
  expect(stderr).toContain('Run mcp-1688 authorize open1688')
  expect(readdirSync(dataDir)).not.toContain('open1688-tokens.db')
})

async function start(given: Record<string, string> = {}) {
  const platform = await startOpen1688Platform({ listings: makeListings(3) })
  const dir = makeTempDir()
  onTestFinished(async () => {
    dir.remove()
    await platform.close()
  })
  const env = {
    MCP1688_OPEN1688_APP_KEY: platform.gateway.appKey,
    MCP1688_OPEN1688_APP_SECRET: platform.gateway.appSecret,
    MCP1688_OPEN1688_BASE_URL: platform.gateway.url,
    MCP1688_OPEN1688_AUTH_BASE_URL: platform.authUrl,
    MCP1688_LOG_LEVEL: 'debug',
    ...given,
  }
  return {
    platform,
    dataDir: dir.path,
    run: (args: string[]) => runInProcess(args, dir.path, env),
    /** @param answer gets the printed address; what it returns is pasted, unless it is `null`. */
    authorize: (args: string[], answer: (address: string) => Promise<string | null> | string) => {
      const { command, args: program, env: full } = serverCommand(dir.path, env)
      const kind = args.includes('--listen') ? args : [...args, '--redirect-uri', REDIRECT]
      return converse(spawn(command, [...program, 'authorize', 'open1688', ...kind], { env: full }), answer)
    },
  }
}

/** Answers the printed address on stdin, which stays open; checks that no secret was printed. */
async function converse(
  child: ChildProcessWithoutNullStreams,
  answer: (address: string) => Promise<string | null> | string,
): Promise<{ exitCode: number | null; text: string }> {
  onTestFinished(() => void child.kill('SIGKILL'))
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', chunk => (text += chunk))
  const closed = once(child, 'close')
  while (!/^http\S+\n/m.test(text)) await once(child.stdout, 'data')
  const [address = ''] = /^http\S+/m.exec(text) ?? []
  const pasted = await answer(address)
  if (pasted !== null) child.stdin.write(`${pasted}\n`)
  if (pasted === '') child.stdin.end()
  await closed
  expect(text).not.toContain('canary')
  const code = pasted === null ? null : new URLSearchParams(pasted).get('code')
  if (code !== null) expect(text).not.toContain(code)
  return { exitCode: child.exitCode, text }
}
