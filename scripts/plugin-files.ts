/**
 * The manifests of the plugin folder, which Claude Code and Codex install as a marketplace with one plugin, and Gemini CLI
 * and Qwen Code as an extension. Fields are those of https://code.claude.com/docs/en/plugins-reference,
 * https://developers.openai.com/codex/plugins/build and https://geminicli.com/docs/extensions/reference.
 */
import packageJson from '../package.json' with { type: 'json' }
import { SERVER_NAME } from '../src/cli/commands/setup/launch.ts'
import { IS_PUBLISHED } from '../src/version.ts'
import { AUTHOR, askedOptions, ENTRY_POINT, idOf, REPOSITORY, SUMMARY, TITLE } from './descriptors.ts'

const { name, version, license, keywords, homepage } = packageJson

/** The folder of the plugin within the marketplace: Codex finds no plugin at the root of one. */
export const PLUGIN_FOLDER = SERVER_NAME

const about = {
  name,
  version,
  description: SUMMARY,
  author: AUTHOR,
  ...(IS_PUBLISHED ? { homepage, repository: REPOSITORY } : {}),
  license,
  keywords,
}

/** Claude Code asks for these when the plugin is enabled; all of them may stay empty. */
function userConfig() {
  return Object.fromEntries(
    askedOptions().map(({ env, title, help, secret, defaultText }) => [
      idOf(env),
      { type: 'string', title, description: help, sensitive: secret, required: false, default: defaultText ?? '' },
    ]),
  )
}

function claudeServer() {
  const env = askedOptions().map(option => [option.env, `\${user_config.${idOf(option.env)}}`])
  return { command: 'node', args: [`\${CLAUDE_PLUGIN_ROOT}/${ENTRY_POINT}`], env: Object.fromEntries(env) }
}

/** Codex starts it in the plugin's folder, and hands it the named variables of its own environment. */
function codexServer() {
  return { command: 'node', args: [`./${ENTRY_POINT}`], cwd: '.', env_vars: askedOptions().map(({ env }) => env) }
}

function geminiExtension() {
  const settings = askedOptions().map(({ env, title, help, secret }) => ({
    name: title,
    description: help,
    envVar: env,
    sensitive: secret,
  }))
  // `${/}` is the separator of paths on the system.
  const args = [`\${extensionPath}\${/}${ENTRY_POINT.replace('/', `\${/}`)}`]
  return { name, version, description: SUMMARY, mcpServers: { [SERVER_NAME]: { command: 'node', args } }, settings }
}

/** By path within the folder. The skill, README and program come beside them. */
const MANIFESTS: Readonly<Record<string, unknown>> = {
  '.claude-plugin/marketplace.json': {
    name,
    description: SUMMARY,
    owner: AUTHOR,
    plugins: [{ name, source: `./${PLUGIN_FOLDER}`, description: SUMMARY }],
  },
  '.agents/plugins/marketplace.json': {
    name,
    interface: { displayName: TITLE },
    plugins: [
      {
        name,
        source: { source: 'local', path: `./${PLUGIN_FOLDER}` },
        policy: { installation: 'AVAILABLE', authentication: 'ON_INSTALL' },
        category: 'Productivity',
      },
    ],
  },
  [`${PLUGIN_FOLDER}/.claude-plugin/plugin.json`]: { ...about, userConfig: userConfig() },
  [`${PLUGIN_FOLDER}/.mcp.json`]: { mcpServers: { [SERVER_NAME]: claudeServer() } },
  [`${PLUGIN_FOLDER}/.codex-plugin/plugin.json`]: {
    ...about,
    skills: './skills/',
    mcpServers: './.codex-plugin/mcp.json',
    interface: { displayName: TITLE, shortDescription: SUMMARY, category: 'Productivity' },
  },
  [`${PLUGIN_FOLDER}/.codex-plugin/mcp.json`]: { mcpServers: { [SERVER_NAME]: codexServer() } },
  [`${PLUGIN_FOLDER}/gemini-extension.json`]: geminiExtension(),
}

/** The text of each manifest, by path within the folder. */
export const PLUGIN_FILES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(MANIFESTS).map(([file, manifest]) => [file, `${JSON.stringify(manifest, null, 2)}\n`]),
)
