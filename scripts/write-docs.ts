/** Owns what is generated of the documentation: tables of the README, and files for directories. `npm run docs` writes them; a test fails when they are stale. */
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { listOptions } from '../src/config.ts'
import { TOOLS } from '../src/tools/list.ts'
import { serverJson, smitheryYaml } from './descriptors.ts'

const ROOT = path.resolve(import.meta.dirname, '..')
const README = path.join(ROOT, 'README.md')

/** The README with its tables as they should be. */
export function freshReadme(readme: string): string {
  return [
    ['links', linkTable()],
    ['tools', toolTable()],
    ['options', optionTable()],
  ].reduce((text, [name, table]) => {
    const marks = new RegExp(`(<!-- ${name}:start -->)[\\s\\S]*(<!-- ${name}:end -->)`)
    if (!marks.test(text)) throw new Error(`README.md has no marks for the table of ${name}`)
    return text.replace(marks, (_all, start: string, end: string) => `${start}\n${table}\n${end}`)
  }, readme)
}

/** Links by which a host adds the server, in the form that each host reads. */
function linkTable(): string {
  const launch = { command: 'npx', args: ['-y', 'mcp-1688'] }
  const id = 'parse_api_key'
  const input = { type: 'promptString', id, description: 'Parse API key; may stay empty', password: true }
  const vscode = { name: '1688', ...launch, env: { MCP1688_PARSE_API_KEY: `\${input:${id}}` }, inputs: [input] }
  const target = `vscode:mcp/install?${encodeURIComponent(JSON.stringify(vscode))}`
  const config = encodeURIComponent(Buffer.from(JSON.stringify(launch)).toString('base64'))
  const links = {
    'VS Code': `https://insiders.vscode.dev/redirect?url=${encodeURIComponent(target)}`,
    Cursor: `https://cursor.com/install-mcp?name=1688&config=${config}`,
    'LM Studio': `https://lmstudio.ai/install-mcp?name=1688&config=${config}`,
    Goose: `https://block.github.io/goose/extension?cmd=npx&arg=-y&arg=mcp-1688&id=mcp-1688&name=1688`,
  }
  return Object.entries(links)
    .map(([host, link]) => `[Add to ${host}](${link})`)
    .join(' · ')
}

function toolTable(): string {
  const rows = TOOLS.filter(tool => tool.grid !== 'calls').map(tool => {
    const inputs = Object.keys(tool.input.shape).map(name => `\`${name}\``)
    return `| \`${tool.name}\` | ${inputs.join(', ') || '-'} | ${tool.description} |`
  })
  return ['| tool | arguments | what it does |', '|---|---|---|', ...rows].join('\n')
}

function optionTable(): string {
  const rows = listOptions().map(option => {
    const fallback = option.defaultText === null ? '' : ` Default: \`${option.defaultText}\`.`
    return `| \`${option.flag}\` | \`${option.env}\` | ${option.help}${fallback} |`
  })
  return ['| flag | environment | meaning |', '|---|---|---|', ...rows].join('\n')
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeFileSync(README, freshReadme(readFileSync(README, 'utf8')))
  writeFileSync(path.join(ROOT, 'server.json'), serverJson())
  writeFileSync(path.join(ROOT, 'smithery.yaml'), smitheryYaml())
}
