/** `mcp-1688 authorize open1688`: consent in the browser, and from then on tokens that renew themselves. */
import { randomBytes } from 'node:crypto'
import type { Config } from '../../../config.ts'
import { AppError, invalidInput, throwIfAborted } from '../../../errors.ts'
import { readProxies } from '../../../net/proxies.ts'
import { quoted } from '../../../offers/text.ts'
import { httpUrl, withoutPasted } from '../../../option-values.ts'
import { systemClock } from '../../../time/clock.ts'
import type { Command, CommandContext, CommandNotes } from '../../command.ts'
import { notesText } from '../../help.ts'
import { isLoopback, listenForCode, REDIRECT_TO_FREE_PORT } from './loopback.ts'
import { openBrowser } from './open-browser.ts'
import { codeFromQuery, codeFromText } from './pasted.ts'
import { readLine } from './read-line.ts'

const KINDS: CommandNotes = {
  title: 'The 1688 Open Platform has three kinds of applications; its console shows the kind',
  rows: [
    [
      'OAuth',
      'Run this command with --redirect-uri and the address that is registered for the application. It stores an access token of 10 hours ' +
        'and a refresh token of half a year, and renews them.',
    ],
    [
      'several users',
      'The console shows a lasting access token for each user: set MCP1688_OPEN1688_ACCESS_TOKEN. Nothing has to be authorised here.',
    ],
    [
      'single user',
      'The user confirms a link of the console, and calls need no token: set MCP1688_OPEN1688_AUTH=none. Nothing has to be authorised here.',
    ],
  ],
}

export const authorizeCommand: Command = {
  name: 'authorize',
  positionals: '<open1688>',
  arity: { min: 1, max: 1 },
  summary: 'Authorise your application on the 1688 Open Platform in the browser, and store its tokens.',
  flags: {
    'redirect-uri': {
      value: 'URL',
      help: 'Redirect address registered for the application. One such as http://127.0.0.1:8688/callback is listened on.',
    },
    listen: { value: 'switch', help: 'Listen on a free port of 127.0.0.1, where that host is registered.' },
    'no-browser': { value: 'switch', help: 'Only print the address, without opening it.' },
    restore: { value: 'switch', help: 'Only put the newest copy of a damaged file of tokens back.' },
  },
  notes: KINDS,
  async run(context) {
    const { config, positionals, print, signal } = context
    checkUpstream(positionals[0] ?? '')
    if (context.flags.restore !== undefined) return restoreTokens(context)
    const application = applicationOf(config)
    checkKind(config)
    const redirectUri = redirectUriOf(context)
    const { openAuthorisation, tokenFileIn } = await import('../../../upstreams/open1688/tokens.ts')
    const file = tokenFileIn(config.dataDir)
    await setDamagedAside(file)
    // Opened first: nobody should consent to tokens that then cannot be stored.
    const store = openAuthorisation({
      file,
      appKey: application.appKey,
      accessToken: config.open1688AccessToken ?? null,
      refreshToken: config.open1688RefreshToken ?? null,
      clock: systemClock,
    })
    try {
      const consent = await askForCode(redirectUri, application.appKey, context)
      const tokens = await redeem({ ...application, ...consent }, context)
      throwIfAborted(signal)
      await store.update(async () => tokens)
    } finally {
      store.close()
    }
    print('Authorised. The tokens are stored in the data folder and renewed from now on.')
    print('mcp-1688 doctor shows which APIs the application may call.')
    return 0
  },
}

async function restoreTokens({ config, print }: CommandContext): Promise<number> {
  const { tokenFileIn } = await import('../../../upstreams/open1688/tokens.ts')
  const { isSound, restoreNewestCopy, restoredText } = await import('../../../store/copies/restore.ts')
  const file = tokenFileIn(config.dataDir)
  if (isSound(file)) {
    print('The file of tokens is not damaged: nothing was changed.')
    return 0
  }
  const restored = restoreNewestCopy(file, systemClock.now())
  print(restoredText(file, restored))
  if (restored.copy === null) print('Authorise the application again with mcp-1688 authorize open1688.')
  return restored.copy === null ? 1 : 0
}

/** The tokens in it are about to be replaced. */
async function setDamagedAside(file: string): Promise<void> {
  const [{ isSound }, { identityOf, setAside }] = await Promise.all([
    import('../../../store/copies/restore.ts'),
    import('../../../store/damage.ts'),
  ])
  if (!isSound(file)) setAside(file, identityOf(file), systemClock.now())
}

interface Application {
  appKey: string
  appSecret: string
}

interface Consent {
  code: string
  redirectUri: string
}

async function askForCode(redirectUri: string, appKey: string, context: CommandContext): Promise<Consent> {
  const { notify, signal } = context
  const state = randomBytes(16).toString('hex')
  if (isLoopback(redirectUri)) {
    const loopback = await listenForCode(redirectUri, query => codeFromQuery(query, state))
    try {
      await showPage({ appKey, redirectUri: loopback.redirectUri, state }, context)
      notify('Waiting two minutes for the browser to come back ...')
      return { code: await loopback.waitForCode(signal), redirectUri: loopback.redirectUri }
    } finally {
      loopback.close()
    }
  }
  await showPage({ appKey, redirectUri, state }, context)
  notify('Then paste the address that the browser shows, or the code in it. A code works once, for two minutes:')
  const line = await readLine(process.stdin, signal)
  throwIfAborted(signal)
  return { code: codeFromText(line ?? '', state), redirectUri }
}

async function showPage(
  request: { appKey: string; redirectUri: string; state: string },
  { config, flags, machine, print, notify }: CommandContext,
): Promise<void> {
  const { consentUrl } = await import('../../../upstreams/open1688/authorization.ts')
  const url = consentUrl({ authBaseUrl: config.open1688AuthBaseUrl, ...request })
  notify('Open this address in a browser, log in to 1688 and agree:')
  print(url)
  const isInteractive = process.stdin.isTTY && machine.stdoutColumns !== null
  if (isInteractive && flags['no-browser'] === undefined) openBrowser(url, machine.platform)
}

async function redeem(consent: Application & Consent, { config, machine, signal }: CommandContext) {
  const { createUpstreamHttp } = await import('../../../upstreams/http.ts')
  const { redeemCode } = await import('../../../upstreams/open1688/authorization.ts')
  const { CALL_BUDGET } = await import('../../../time/call-budget.ts')
  const clock = systemClock
  const proxies = readProxies(machine.env)
  const http = createUpstreamHttp({ timeoutMs: CALL_BUDGET.open1688.wireMs, clock, proxies })
  try {
    return await redeemCode({ ...consent, http, baseUrl: config.open1688BaseUrl, clock }, signal)
  } finally {
    await http.close()
  }
}

function checkUpstream(name: string): void {
  if (name === 'open1688') return
  throw invalidInput(
    `Only open1688 is authorised in a browser, not ${quoted(name)}.`,
    'Run mcp-1688 authorize open1688. The other upstreams only need their key in the configuration.',
  )
}

function applicationOf({ open1688AppKey: appKey, open1688AppSecret: appSecret }: Config): Application {
  if (appKey !== undefined && appSecret !== undefined) return { appKey, appSecret }
  const missing = [
    ...(appKey === undefined ? ['MCP1688_OPEN1688_APP_KEY'] : []),
    ...(appSecret === undefined ? ['MCP1688_OPEN1688_APP_SECRET'] : []),
  ]
  throw new AppError({
    code: 'key_missing',
    message: `Nothing can be authorised without ${missing.join(' and ')}.`,
    hint: 'Register an application on open.1688.com and set both to the values that its console shows.',
  })
}

/** An application that is configured for another kind of access would not use the tokens. */
function checkKind({ open1688Auth, open1688AccessToken, open1688RefreshToken }: Config): void {
  const isLasting = open1688AccessToken !== undefined && open1688RefreshToken === undefined
  if (open1688Auth === 'token' && !isLasting) return
  const setting = open1688Auth === 'none' ? 'MCP1688_OPEN1688_AUTH=none' : 'MCP1688_OPEN1688_ACCESS_TOKEN'
  throw new AppError({
    code: 'config_invalid',
    message: `${setting} is set, so nothing has to be authorised and stored tokens would not be used.`,
    hint: 'Check the application with mcp-1688 doctor, or remove that setting to authorise it here.',
  })
}

/** As it was given: the platform compares it with what is registered. */
function redirectUriOf({ flags, notify }: CommandContext): string {
  const { listen, 'redirect-uri': given } = flags
  if (given === undefined && listen !== undefined) return REDIRECT_TO_FREE_PORT
  if (given === undefined) {
    notify(`${notesText(KINDS)}\n`)
    throw invalidRedirect('The redirect address that is registered for the application is missing.')
  }
  const uri = withoutPasted(given, true)
  if (!httpUrl.safeParse(uri).success) throw invalidRedirect('--redirect-uri is not an http(s) address.')
  if (listen !== undefined && !isLoopback(uri)) {
    throw invalidRedirect('With --listen, --redirect-uri must be an address of this computer with a port.')
  }
  return uri
}

function invalidRedirect(message: string): AppError {
  return invalidInput(
    message,
    'Pass --redirect-uri with the address that open.1688.com shows for the application, or --listen where 127.0.0.1 is registered.',
  )
}
