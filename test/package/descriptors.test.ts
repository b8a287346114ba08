import { readFileSync } from 'node:fs'
import path from 'node:path'
import { getMcpConfigForManifest, v0_4 } from '@anthropic-ai/mcpb'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import packageJson from '../../package.json' with { type: 'json' }
import { CLONE_LAUNCH, mcpbManifest, REGISTRY_LAUNCH, serverJson, smitheryYaml } from '../../scripts/descriptors.ts'
import { listOptions } from '../../src/config.ts'
import { loadConfig } from '../../src/load-config.ts'
import { ROOT } from '../support/program.ts'

const read = (name: string) => readFileSync(path.join(ROOT, name), 'utf8')
const SECRETS = new Set(listOptions().flatMap(option => (option.secret ? [option.env] : [])))
const configOf = (env: Record<string, string>) => loadConfig({ env, flags: {}, platform: 'linux', homeDir: '/home/x' })

describe('server.json', () => {
  /**
   * The rules of the schema of 2025-12-11, as its definitions name them:
   * https://github.com/modelcontextprotocol/registry/blob/main/docs/reference/server-json/server.schema.json.
   */
  const input = z.object({
    name: z.string(),
    description: z.string().min(1),
    isRequired: z.boolean(),
    isSecret: z.boolean(),
    format: z.enum(['string', 'number', 'boolean', 'filepath']),
    choices: z.array(z.string()).min(1).optional(),
    default: z.string().optional(),
  })
  const registryPackage = z.strictObject({
    registryType: z.literal('npm'),
    identifier: z.string().min(1),
    version: z.string().regex(/^\d+\.\d+\.\d+$/),
    runtimeHint: z.enum(['npx', 'uvx', 'docker', 'dnx']),
    transport: z.strictObject({ type: z.literal('stdio') }),
    environmentVariables: z.array(input),
  })
  const schema = z.strictObject({
    $schema: z.literal('https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json'),
    name: z
      .string()
      .regex(/^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/)
      .max(200),
    title: z.string().min(1).max(100),
    description: z.string().min(1).max(100),
    version: z.string().max(255),
    repository: z.strictObject({ url: z.url(), source: z.literal('github') }),
    websiteUrl: z.url(),
    packages: z.tuple([registryPackage]),
  })
  const server = schema.parse(JSON.parse(serverJson()))
  const variables = server.packages[0].environmentVariables

  it('follows the rules of the registry', () => {
    // The registry compares the names to verify that npm package and server have the same owner.
    expect(server.name).toBe(packageJson.mcpName)
    expect(read('Dockerfile')).toContain(`LABEL io.modelcontextprotocol.server.name="${server.name}"`)
    expect(server.packages[0]).toMatchObject({ identifier: packageJson.name, version: server.version })
    expect(variables.filter(({ isSecret }) => isSecret).map(({ name }) => name)).toEqual([...SECRETS])
  })

  it('defaults are those of the program, which accepts every choice', () => {
    const defaults = variables.flatMap(({ name, default: value }) => (value === undefined ? [] : [[name, value]]))
    expect(configOf(Object.fromEntries(defaults))).toEqual(configOf({}))
    const choices = variables.flatMap(({ name, choices = [] }) => choices.map(choice => ({ [name]: choice })))
    expect(choices).toContainEqual({ MCP1688_TIER: 'developer' })
    for (const env of choices) expect(() => configOf(env)).not.toThrow()
  })

  it('lists no option of serve, which the package does not start by itself', () => {
    const names = variables.map(({ name }) => name)
    expect(names).toContain('MCP1688_TMAPI_TOKEN')
    expect(
      names.filter(name => /_(HOST|PORT|PUBLIC_URL|LEND_PICTURES|IMPORT_MAX|ALLOWED_|TRUST_|OAUTH_)/.test(name)),
    ).toEqual([])
  })
})

describe('smithery.yaml', () => {
  const smithery = z.object({
    name: z.string().regex(/^[a-zA-Z][a-zA-Z0-9-_]{2,38}$/),
    target: z.enum(['local', 'remote']),
    startCommand: z.object({
      type: z.literal('stdio'),
      configSchema: z.object({
        type: z.literal('object'),
        properties: z.record(z.string(), z.object({ description: z.string() })),
      }),
      commandFunction: z.string(),
      exampleConfig: z.record(z.string(), z.string()),
    }),
  })
  const launch = z.object({ command: z.string(), args: z.array(z.string()), env: z.record(z.string(), z.string()) })
  const { startCommand } = smithery.parse(parse(smitheryYaml(CLONE_LAUNCH)))
  /** Runs the function as Smithery does. */
  const start = (config: Record<string, string>) =>
    launch.parse(new Function('config', `return (${startCommand.commandFunction})(config)`)(config))

  it('starts the published package in its registry form', () => {
    expect(smitheryYaml(REGISTRY_LAUNCH)).toContain("command: 'npx',\n      args: ['-y', 'mcp-1688'],")
  })

  it('starts the program of the package with every option in the form', () => {
    const { command, args, env } = start(startCommand.exampleConfig)
    expect([command, ...args]).toEqual(['node', packageJson.bin['mcp-1688']])
    expect(configOf(env).upstreams).toEqual(['tmapi'])
    expect(start({}).env).toEqual({})
    const names = Object.keys(startCommand.configSchema.properties)
    const all = start(Object.fromEntries(names.map(name => [name, 'x'])))
    expect(Object.keys(all.env)).toHaveLength(names.length)
    expect(listOptions().map(option => option.env)).toEqual(expect.arrayContaining(Object.keys(all.env)))
  })
})

describe('the manifest of the .mcpb bundle', () => {
  const manifest = v0_4.McpbManifestSchema.parse(mcpbManifest('linux'))
  const launch = (userConfig: Record<string, string>) =>
    getMcpConfigForManifest({ manifest, extensionPath: '/ext', systemDirs: {}, userConfig, pathSeparator: '/' })

  it('marks secrets as sensitive', () => {
    const asked = Object.entries(manifest.user_config ?? {})
    expect(asked.length).toBeGreaterThan(3)
    for (const [id, { sensitive }] of asked)
      expect([id, sensitive]).toEqual([id, SECRETS.has(`MCP1688_${id.toUpperCase()}`)])
  })

  it('links to the repository only once it is public', () => {
    const linked = v0_4.McpbManifestSchema.parse(mcpbManifest('linux', true))
    expect(linked.privacy_policies).toEqual([expect.stringMatching(/^https:.*\/docs\/privacy\.md$/)])
    expect(JSON.stringify(mcpbManifest('linux', false))).not.toContain('github.com')
  })

  it('uses the sample offers if the form is empty, and otherwise its values', async () => {
    const bare = await launch({})
    expect(bare?.args).toEqual(['/ext/dist/mcp-1688.js'])
    expect(JSON.stringify(bare)).not.toContain('${')
    expect(configOf(bare?.env ?? {})).toEqual(configOf({}))
    expect(configOf((await launch({ parse_api_key: 'pmx_k', tier: 'hobby' }))?.env ?? {})).toMatchObject({
      upstreams: ['parse'],
      parseApiKey: 'pmx_k',
      tier: 'hobby',
    })
  })
})
