/** Reads the proxies from the variables that curl, npm and Node use. */
import { AppError } from '../errors.ts'
import { isDecodable } from '../option-values.ts'

export interface Proxies {
  /** For https URLs. If `null`, `http` is used, as in undici. */
  https: string | null
  http: string | null
  /** Hosts that are reached directly, in the syntax of NO_PROXY. */
  exempt: string
}

export const NO_PROXIES: Proxies = { https: null, http: null, exempt: '' }

type Environment = Readonly<Record<string, string | undefined>>

/** @throws AppError `config_invalid` that names the variable, never its value: that may hold a password. */
export function readProxies(env: Environment): Proxies {
  return {
    https: readProxy(env, 'HTTPS_PROXY'),
    http: readProxy(env, 'HTTP_PROXY'),
    exempt: (env.no_proxy ?? env.NO_PROXY ?? '').trim(),
  }
}

/** Lower case takes precedence. */
function readProxy(env: Environment, upperCase: string): string | null {
  const name = env[upperCase.toLowerCase()] === undefined ? upperCase : upperCase.toLowerCase()
  // `docker run --env-file` hands on the quotation marks of a line.
  const text = (env[name] ?? '').trim().replace(/^(["'])(.*)\1$/, '$2')
  if (text === '') return null
  const written = /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `http://${text}`
  // A password may hold a percent sign that begins no escape.
  const address = isDecodable(written) ? written : written.replaceAll('%', '%25')
  if (/^https?:/i.test(address) && URL.canParse(address)) {
    const url = new URL(address)
    // undici takes nothing else; people paste the address of a proxy's page.
    url.pathname = url.search = url.hash = ''
    return url.href
  }
  throw new AppError({
    code: 'config_invalid',
    message: `The environment variable ${name} does not contain the URL of an HTTP proxy.`,
    hint: `Set ${name}=http://host:port, or remove it.`,
  })
}

/** What must never be logged. */
export function proxySecrets({ https, http }: Proxies): string[] {
  return [https, http].flatMap(proxy => {
    const { password, username } = new URL(proxy ?? 'http://none')
    return password === '' ? [] : [password, decodeURIComponent(password), `${username}:${password}`]
  })
}

/** Without user names and passwords; `null` if no proxy is in use. */
export function describeProxies({ https, http, exempt }: Proxies): string | null {
  const shown = [
    ...(http === null ? [] : [`http through ${withoutUser(http)}`]),
    ...((https ?? http) === null ? [] : [`https through ${withoutUser(https ?? http ?? '')}`]),
  ]
  if (shown.length === 0) return null
  return `${shown.join(', ')}${exempt === '' ? '' : `; directly: ${exempt}`}`
}

function withoutUser(proxy: string): string {
  const { protocol, host, username } = new URL(proxy)
  return `${protocol}//${username === '' ? '' : '***@'}${host}`
}
