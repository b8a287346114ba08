export { version } from '../package.json'

/**
 * Whether this package is on npm. Until it is, every configuration that we write starts this installation:
 * `npx -y mcp-1688` would run whatever a stranger publishes under that name.
 */
export const IS_PUBLISHED: boolean = false

/** Also in `engines` of package.json. */
const OLDEST_NODE = [20, 19] as const

export function nodeProblem(version: string): string | null {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return null
  return `mcp-1688 needs Node.js ${OLDEST_NODE.join('.')} or newer; this is Node.js ${version}.`
}
