/**
 * What directories and hosts read about the package: server.json for the MCP registry, smithery.yaml, and the manifest of the .mcpb bundle, all made
 * from package.json, the tools and the options.
 */
import { stringify } from 'yaml'
import packageJson from '../package.json' with { type: 'json' }
import { REGISTRY_LAUNCH, type ServerEntry } from '../src/cli/commands/setup/launch.ts'
import { listOptions, type OptionDoc } from '../src/config.ts'
import { TOOLS } from '../src/tools/list.ts'

/** What the directories show of it: 100 characters at most. */
const SUMMARY = 'Find wholesale offers on 1688.com from a product photo; works without a key on sample offers.'

/** Where the program lies in the package. */
const ENTRY_POINT = 'dist/mcp-1688.js'

/** Options that a form asks for, in its order, with their titles: first the upstreams that cover all of 1688. */
const ASKED: Readonly<Record<string, string>> = {
  tmapiToken: 'TMAPI token',
  open1688AppKey: '1688 Open Platform: app key',
  open1688AppSecret: '1688 Open Platform: app secret',
  open1688RefreshToken: '1688 Open Platform: refresh token',
  parseApiKey: 'Parse API key (sun protection and face masks only)',
  tier: 'Plan of the Parse key',
}

/** Options of `serve`, without effect over stdio. */
const OF_SERVE: ReadonlySet<string> = new Set([
  'host',
  'port',
  'allowedHosts',
  'allowedOrigins',
  'trustProxy',
  'oauthIssuer',
  'oauthAudience',
])

const stdioOptions = (): OptionDoc[] => listOptions().filter(({ key }) => !OF_SERVE.has(key))

function askedOptions(): (OptionDoc & { title: string })[] {
  return Object.entries(ASKED).map(([key, title]) => {
    const option = listOptions().find(candidate => candidate.key === key)
    if (!option) throw new Error(`forms ask for ${key}, which is not an option`)
    return { ...option, title }
  })
}

/** server.json of the MCP registry. */
export function serverJson(): string {
  const { mcpName, name, version } = packageJson
  const environmentVariables = stdioOptions().map(option => ({
    name: option.env,
    description: option.help,
    isRequired: false,
    isSecret: option.secret,
    format: 'string',
    ...(option.defaultText === null ? {} : { default: option.defaultText }),
  }))
  const npm = { registryType: 'npm', identifier: name, version, transport: { type: 'stdio' }, environmentVariables }
  const server = {
    $schema: 'https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json',
    name: mcpName,
    title: '1688 product search',
    description: SUMMARY,
    version,
    packages: [npm],
  }
  return `${JSON.stringify(server, null, 2)}\n`
}

/** Starts the program from a clone that was built. */
export const CLONE_LAUNCH = { command: 'node', args: [ENTRY_POINT] }

export { REGISTRY_LAUNCH }

/** smithery.yaml: `name` and `target` for its command line, `startCommand` for its older builder. */
export function smitheryYaml({ command, args }: Omit<ServerEntry, 'env'>): string {
  const options = askedOptions()
  const properties = Object.fromEntries(
    options.map(({ key, title, help, defaultText }) => [
      key,
      { type: 'string', title, description: help, ...(defaultText === null ? {} : { default: defaultText }) },
    ]),
  )
  const variables = options.map(({ key, env }) => `    ...(config.${key} ? { ${env}: config.${key} } : {}),`)
  const commandFunction = `(config) => ({
  command: '${command}',
  args: [${args.map(arg => `'${arg}'`).join(', ')}],
  env: {
${variables.join('\n')}
  },
})
`
  const file = {
    name: packageJson.name,
    target: 'local',
    startCommand: {
      type: 'stdio',
      configSchema: { type: 'object', properties },
      commandFunction,
      exampleConfig: { tmapiToken: 'your_token' },
    },
  }
  return `# Made by npm run docs.\n${stringify(file, { lineWidth: 0 })}`
}

/** manifest.json of the .mcpb bundle. @param platform whose native packages are in it. */
export function mcpbManifest(platform: NodeJS.Platform) {
  const { name, version, license, keywords, engines } = packageJson
  const options = askedOptions()
  const userConfig = options.map(({ env, title, help, secret, defaultText }) => [
    idOf(env),
    // Without a default a field left empty would reach the program as the placeholder's own text.
    { type: 'string', title, description: help, sensitive: secret, required: false, default: defaultText ?? '' },
  ])
  const args = [`\${__dirname}/${ENTRY_POINT}`]
  const env = Object.fromEntries(options.map(option => [option.env, `\${user_config.${idOf(option.env)}}`]))
  return {
    manifest_version: '0.4',
    name,
    display_name: '1688 product search',
    version,
    description: SUMMARY,
    author: { name: 'The mcp-1688 contributors' },
    license,
    keywords,
    server: { type: 'node', entry_point: ENTRY_POINT, mcp_config: { command: 'node', args, env } },
    tools: TOOLS.filter(tool => tool.grid !== 'calls').map(tool => ({ name: tool.name, description: tool.title })),
    prompts_generated: true,
    user_config: Object.fromEntries(userConfig),
    compatibility: { platforms: [platform], runtimes: { node: engines.node } },
  }
}

/** `MCP1688_TMAPI_TOKEN` -> `tmapi_token`. */
function idOf(env: string): string {
  return env.replace('MCP1688_', '').toLowerCase()
}
