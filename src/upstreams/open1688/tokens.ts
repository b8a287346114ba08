/** Which access token a call is signed with: it is refreshed ahead of its end, or after it was refused, by one process for all. */
import { createHash } from 'node:crypto'
import { AppError } from '../../errors.ts'
import type { Clock } from '../../time/clock.ts'
import { unlessAborted } from '../../time/unless-aborted.ts'
import { openTokenStore, type TokenStore, type Tokens } from './token-store.ts'

/** How long before its end a token is replaced, in milliseconds: calls on the way must still find it good. */
const REFRESH_AHEAD_MS = 300_000

export interface TokensOptions {
  /** Where refreshed tokens are kept. It is opened only where there is a refresh token. */
  file: string
  appKey: string
  /** As the settings have it. */
  accessToken: string | null
  /** As the settings have it. */
  refreshToken: string | null
  /** Asks the platform for new tokens. */
  requestTokens: (refreshToken: string, signal: AbortSignal) => Promise<Tokens>
  clock: Clock
}

export interface AccessTokens {
  /**
   * The token to use now.
   * @throws AppError `key_missing` where the settings have none; CallError of the refresh; AppError `store_unavailable`.
   */
  fetchToken(signal: AbortSignal): Promise<string>
  /** Notes that the platform refused this token. @returns whether the next {@link fetchToken} can give another one. */
  refuse(accessToken: string): boolean
  close(): Promise<void>
}

export function createTokens(options: TokensOptions): AccessTokens {
  const { file, appKey, accessToken, refreshToken, requestTokens, clock } = options
  const closing = new AbortController()
  let store: TokenStore | null = null
  let refused: string | null = null
  let refreshing: Promise<string> | null = null

  const open = (configured: Tokens): TokenStore => {
    store ??= openTokenStore({ file, origin: originOf([appKey, accessToken, refreshToken]), configured, clock })
    return store
  }
  const usableOf = (tokens: Tokens): string | null => {
    const ends = tokens.expiresAt ?? Number.POSITIVE_INFINITY
    return tokens.accessToken !== refused && clock.now() < ends - REFRESH_AHEAD_MS ? tokens.accessToken : null
  }
  const refresh = async (tokens: TokenStore): Promise<string> => {
    // Another process may have refreshed while this one waited for its turn.
    const renewed = await tokens.update(async current =>
      usableOf(current) === null ? requestTokens(current.refreshToken, closing.signal) : current,
    )
    return renewed.accessToken ?? ''
  }

  return {
    fetchToken: async signal => {
      if (refreshToken === null) {
        if (accessToken === null) throw tokenMissing()
        return accessToken
      }
      const tokens = open({ accessToken, refreshToken, expiresAt: null })
      const usable = usableOf(tokens.read())
      if (usable !== null) return usable
      refreshing ??= refresh(tokens).finally(() => {
        refreshing = null
      })
      // A refresh serves all who wait for it, so one who leaves does not end it.
      return unlessAborted(refreshing, signal)
    },
    refuse: token => {
      if (refreshToken === null) return false
      refused = token
      return true
    },
    close: async () => {
      closing.abort()
      await refreshing?.catch(() => undefined)
      store?.close()
    },
  }
}

/** New settings are a new authorisation: what was kept for older ones is not used for them. */
function originOf(settings: readonly (string | null)[]): string {
  return createHash('sha256').update(JSON.stringify(settings)).digest('hex')
}

function tokenMissing(): AppError {
  return new AppError({
    code: 'key_missing',
    message: 'No access to the 1688 Open Platform is authorised.',
    hint: 'Authorise the application on open.1688.com and set MCP1688_OPEN1688_REFRESH_TOKEN.',
  })
}
