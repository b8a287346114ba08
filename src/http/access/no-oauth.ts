/**
 * What clients read that look for OAuth on a server without it. A client that gets a 401 tries to register, and shows
 * what that answers.
 */

export const NO_OAUTH_HINT = 'This server does not use OAuth. Send a valid API key in the X-API-Key header.'

/** In the form of RFC 6749, of which clients show the description. */
export const NO_OAUTH_BODY = { error: 'invalid_request', error_description: NO_OAUTH_HINT }

const OAUTH_PATH = /^\/(?:register|authorize|token|\.well-known\/(?:oauth-[\w-]+|openid-configuration)(?:\/.*)?)$/

/** Whether a client asks for OAuth's endpoints or metadata. */
export function isOauthPath(path: string): boolean {
  return OAUTH_PATH.test(path)
}
