export { version } from '../package.json'

/**
 * Whether npm has this package. Until then every configuration that is written starts this very installation: `npx -y mcp-1688` would run whatever a
 * stranger published under the name.
 */
export const IS_PUBLISHED: boolean = false

/** The oldest Node that is tested; `engines` of package.json says the same. */
const OLDEST_NODE = [20, 19] as const

/** What is wrong with a version of Node; `null` where nothing is. */
export function nodeProblem(version: string): string | null {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return null
  return `mcp-1688 needs Node.js ${OLDEST_NODE.join('.')} or newer, this is ${version}.`
}
