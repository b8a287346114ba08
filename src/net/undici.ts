/**
 * Re-exports undici, whose loading takes as long as the rest of the start: import this file dynamically. A dynamic
 * import of the package itself would lose its names when bundled, because it is CommonJS.
 */
export { Agent, buildConnector, EnvHttpProxyAgent, Pool, request } from 'undici'
