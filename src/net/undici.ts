/**
 * The way to undici, which costs as much as the rest of the start: import this file dynamically. (Bundled, a dynamic import of the
 * package itself would lose the names, for it is CommonJS.)
 */
export { Agent, buildConnector, EnvHttpProxyAgent, Pool, request } from 'undici'
