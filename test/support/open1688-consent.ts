/**
 * A local stand-in for the page on which a person authorises an application of the 1688 Open Platform, and for the call
 * that exchanges the code. It checks what https://open.1688.com/api/sys_auth.htm?ns=cn.alibaba.open ("授权说明") requires:
 * the registered host, a code that works once and for two minutes, POST, no signature. It uses no code of the product.
 */
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { listenOnLoopback } from './loopback.ts'
import { type Gateway, type GatewayOptions, startOpen1688Gateway } from './open1688-gateway.ts'

export interface Platform {
  gateway: Gateway
  /** Base URL of the page of consent. */
  authUrl: string
  /** Host names that may be redirected to. */
  registered: Set<string>
  /** Opens an address like a browser whose user agrees or refuses. Resolves to the address redirected to. */
  visit(address: string, answer?: 'agree' | 'refuse'): Promise<string>
  /** Moves the platform's clock. */
  pass(ms: number): void
  close(): Promise<void>
}

interface Issued {
  redirectUri: string
  at: number
}

const CODE_LIFETIME_MS = 120_000

export async function startOpen1688Platform(options: GatewayOptions): Promise<Platform> {
  const codes = new Map<string, Issued>()
  let passedMs = 0
  const now = () => Date.now() + passedMs

  const redeem: GatewayOptions['redeem'] = (path, fields, authorise) => {
    // A secret in the address would be in every log on the way.
    if (path !== `http/1/system.oauth2/getToken/${gateway.appKey}`) return refused('invalid_request')
    if ('_aop_signature' in fields || fields.need_refresh_token !== 'true') return refused('invalid_request')
    const { client_id, client_secret, code = '', redirect_uri } = fields
    if (client_id !== gateway.appKey || client_secret !== gateway.appSecret) {
      return refused('invalid_client', client_secret)
    }
    const issued = codes.get(code)
    codes.delete(code)
    if (!issued || now() - issued.at > CODE_LIFETIME_MS || redirect_uri !== issued.redirectUri) {
      return refused('invalid_grant', code)
    }
    return { status: 200, body: tokenBody(authorise()) }
  }
  const gateway = await startOpen1688Gateway({ ...options, redeem })
  const registered = new Set(['app.example.com'])

  /** Query parameter `answer` stands for the button that the person presses. */
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://auth')
    const redirect = searchParams.get('redirect_uri') ?? ''
    const isValid =
      pathname === '/oauth/authorize' &&
      searchParams.get('client_id') === gateway.appKey &&
      searchParams.get('site') === '1688' &&
      URL.canParse(redirect) &&
      registered.has(new URL(redirect).hostname)
    if (!isValid) return response.writeHead(400).end()
    const back = new URL(redirect)
    if (searchParams.get('answer') === 'refuse') back.searchParams.set('error', 'access_denied')
    else {
      const code = randomUUID()
      codes.set(code, { redirectUri: redirect, at: now() })
      back.searchParams.set('code', code)
    }
    const state = searchParams.get('state')
    if (state !== null) back.searchParams.set('state', state)
    response.writeHead(302, { location: back.href }).end()
  })
  const { origin, close } = await listenOnLoopback(server)

  return {
    gateway,
    authUrl: origin,
    registered,
    visit: async (address, answer = 'agree') => {
      const response = await fetch(`${address}&answer=${answer}`, { redirect: 'manual' })
      const location = response.headers.get('location')
      if (location === null) throw new Error(`the page of consent answered ${response.status}`)
      return location
    },
    pass: ms => {
      passedMs += ms
    },
    close: async () => {
      await gateway.close()
      await close()
    },
  }
}

/** The fields that public clients of the gateway record; `expires_in` is a text. */
function tokenBody({ accessToken, refreshToken }: ReturnType<Gateway['authorise']>) {
  return {
    access_token: accessToken,
    aliId: '3305067292',
    refresh_token: refreshToken,
    resource_owner: 'buyer',
    expires_in: '35999',
    refresh_token_timeout: '20991014003220000+0800',
    memberId: 'b2b-3305067292666fa',
  }
}

/** https://www.rfc-editor.org/rfc/rfc6749#section-5.2: the platform's page names OAuth 2.0 and lists no errors of its own. */
function refused(error: string, error_description = error) {
  return { status: 400, body: { error, error_description } }
}
