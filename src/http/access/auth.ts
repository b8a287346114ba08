/** Identifies the caller by an API key or an OAuth token in a header, never by anything in the URL. */
import type { IncomingMessage } from 'node:http'
import { DEFAULT_OWN_OFFERS } from '../../catalogue/holdings.ts'
import type { Accounts } from '../../keys/account.ts'
import { accountOf, type KeyRight, type KeyStore, stateOf } from '../../keys/api-key.ts'
import { isKeyText, KEY_PREFIX } from '../../keys/key-text.ts'
import type { ParseTier } from '../../limits/ledger/allowance.ts'
import type { AuthThrottle } from './auth-throttle.ts'
import { type Caller, OPEN_CALLER } from './caller.ts'
import { isLoopback } from './guards.ts'
import { HttpError, tooManyRequests } from './http-error.ts'
import { NO_OAUTH_HINT } from './no-oauth.ts'
import type { TokenVerifier } from './oauth.ts'
import type { OpenAccess } from './open-access.ts'

export interface AuthDeps {
  keys: KeyStore
  accounts: Accounts
  /** `null` if no issuer is configured. */
  oauth: TokenVerifier | null
  throttle: AuthThrottle
  isOpen: OpenAccess
  /** Wrong keys are counted by this address. */
  addressOf(request: IncomingMessage): string
  /** Milliseconds since 1970. */
  now: () => number
}

interface Holder {
  id: string
  tier: ParseTier
  rights?: readonly KeyRight[]
  ownOffers?: number
}

type Refuse = (isRpc: boolean, code: 'key_missing' | 'key_rejected', message: string, hint: string) => HttpError

/**
 * @throws HttpError 401 without a key; for a wrong one 401 on an MCP route or where OAuth can give another, else 403;
 * 429 after many wrong keys; AppError `store_unavailable`.
 */
export type Authenticate = (request: IncomingMessage, route: { isRpc: boolean }) => Promise<Caller>

export function createAuth({ keys, accounts, oauth, throttle, isOpen, addressOf, now }: AuthDeps): Authenticate {
  // MCP clients answer a 401 with an attempt at OAuth, and show what `/register` says. After a 403, Claude Code 2.1 hides
  // the words ("Needs authentication"), and mcporter 0.9 waits for a browser.
  const refuse: Refuse = (isRpc, code, message, hint) => {
    const isWrong = code === 'key_rejected'
    if (isWrong && !oauth && !isRpc) return new HttpError({ status: 403, code, message, hint })
    const challenge = ['Bearer realm="mcp-1688"']
    if (isWrong) challenge.push('error="invalid_token"')
    if (oauth) challenge.push(`resource_metadata="${oauth.metadataUrl}"`)
    return new HttpError({ status: 401, code, message, hint, headers: { 'www-authenticate': challenge.join(', ') } })
  }
  const noOauth = oauth ? '' : ` ${NO_OAUTH_HINT}`

  const callerOf = (owner: string, holder: Holder): Caller => ({
    id: holder.id,
    owner,
    rights: holder.rights ?? [],
    tier: holder.tier,
    mostOffers: holder.ownOffers ?? DEFAULT_OWN_OFFERS,
    account: accounts.of(owner, holder.tier),
  })

  const byKey = async (text: string, isRpc: boolean): Promise<Caller | null> => {
    const key = await keys.find(text)
    if (key === null) return null
    const state = stateOf(key, now())
    if (state === 'active') return callerOf(accountOf(key.id), key)
    throw refuse(
      isRpc,
      'key_rejected',
      `API key ${key.id} is ${state}.`,
      `Ask the operator of this server for a new key.${noOauth}`,
    )
  }

  const byToken = async (text: string, isRpc: boolean): Promise<Caller | null> => {
    const holder = await oauth?.verify(text)
    if (holder === 'unknown_key')
      throw refuse(
        isRpc,
        'key_rejected',
        'The issuer of the token does not publish its signing key.',
        'Get a new token.',
      )
    return holder ? callerOf(`oauth:${holder.id}`, holder) : null
  }

  return async (request, { isRpc }) => {
    const credential = credentialOf(request)
    if (credential === null) {
      if (await isOpen()) {
        if (isDirect(request)) return OPEN_CALLER
        throw throughProxy()
      }
      throw refuse(
        isRpc,
        'key_missing',
        'The request has no API key in its headers.',
        oauth ? 'Send a key in the header X-API-Key, or a token as Authorization: Bearer.' : NO_OAUTH_HINT,
      )
    }
    const caller = await (oauth && !isKeyText(credential) ? byToken(credential, isRpc) : byKey(credential, isRpc))
    // Before the throttle: many people may share an address, and one wrong key a second must not lock them out.
    if (caller) return caller
    const address = addressOf(request)
    const waitMs = throttle.waitMs(address)
    if (waitMs > 0) throw tooManyGuesses(waitMs)
    throttle.recordWrongKey(address)
    throw refuse(
      isRpc,
      'key_rejected',
      'The API key or token is not valid.',
      `${oauth || isKeyText(credential) ? COPY_ALL : NOT_OURS}${noOauth}`,
    )
  }
}

const COPY_ALL = 'Check that you copied all of it.'

/** Of a placeholder, or a key of another service. */
const NOT_OURS = `Keys of this server begin with ${KEY_PREFIX}: check that yours was filled in.`

/**
 * A proxy on this machine may forward strangers' requests, with the Host of this server and without any other trace
 * (nginx by default), so that only what no proxy has touched is known to come from this machine.
 */
function isDirect({ headers }: IncomingMessage): boolean {
  const name = /^(\[[^\]]*\]|[^:]*)/.exec(headers.host?.toLowerCase() ?? '')?.[1] ?? ''
  const isForwarded = Object.keys(headers).some(header => FORWARDED.test(header))
  return isLoopback(name.replaceAll(/[[\]]/g, '')) && !isForwarded
}

const FORWARDED = /^(?:forwarded|x-forwarded-.+|x-real-ip|via)$/

function throughProxy(): HttpError {
  return new HttpError({
    status: 403,
    code: 'key_missing',
    message: 'This server has no API keys, so it only answers requests that come directly from its own computer.',
    hint: 'Its operator can create a key with mcp-1688 keys add; send it in the X-API-Key header.',
  })
}

/**
 * Hosts put a key into either header, with or without a scheme or the header's name, and some leave quotation marks
 * around it. Client and proxy may both set it, and a template may leave something else in the other header.
 */
function credentialOf({ headers }: IncomingMessage): string | null {
  const [key] = [headers['x-api-key']].flat()
  const { authorization } = headers
  const [ours] = [key, authorization].flatMap(sent => OUR_KEY.exec(sent ?? '')?.[1] ?? [])
  return ours ?? (key || (/^Bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1] ?? null))
}

const OUR_KEY = new RegExp(`^(?:[a-z-]+:?\\s+)*["'<]?(${KEY_PREFIX}[\\w-]+)["'>]?(?:, *\\1)?$`, 'i')

function tooManyGuesses(waitMs: number): HttpError {
  return tooManyRequests(
    'Too many invalid keys were sent from this address.',
    'A valid key is accepted at any time; another wrong one only after a wait.',
    waitMs,
  )
}
