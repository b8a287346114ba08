export { version } from '../package.json'

/**
 * Whether npm has this package. Until then every configuration that is written starts this very installation: `npx -y mcp-1688` would run whatever a
 * stranger published under the name.
 */
export const IS_PUBLISHED: boolean = false
