/**
 * Writes the generated parts of the documentation (`npm run docs`): tables in pages, and files for directories. A test
 * fails when they are stale.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { HOSTS } from '../src/cli/commands/setup/hosts.ts'
import { REGISTRY_LAUNCH, SERVER_NAME } from '../src/cli/commands/setup/launch.ts'
import { listOptions } from '../src/config.ts'
import { TOOLS } from '../src/tools/list.ts'
import { IS_PUBLISHED } from '../src/version.ts'
import { CLONE_LAUNCH, glamaJson, serverJson, smitheryYaml } from './descriptors.ts'

const ROOT = path.resolve(import.meta.dirname, '..')

/** Generated tables; `name` is that of the comments around a table. */
export const TABLES: readonly { page: string; name: string; make: () => string }[] = [
  { page: 'README.md', name: 'tools', make: toolTable },
  { page: 'docs/configuration.md', name: 'options', make: optionTable },
  { page: IS_PUBLISHED ? 'README.md' : 'docs/publishing.md', name: 'links', make: linkTable },
]

/** Until the package is published, the files for registries stay in docs/publishing. */
export const FILES: Readonly<Record<string, () => string>> = {
  [IS_PUBLISHED ? 'server.json' : 'docs/publishing/server.json']: serverJson,
  [IS_PUBLISHED ? 'glama.json' : 'docs/publishing/glama.json']: glamaJson,
  'smithery.yaml': () => smitheryYaml(IS_PUBLISHED ? REGISTRY_LAUNCH : CLONE_LAUNCH),
  ...(IS_PUBLISHED ? {} : { 'docs/publishing/smithery.yaml': () => smitheryYaml(REGISTRY_LAUNCH) }),
}

/** @returns the page's text with up-to-date tables. */
export function withFreshTables(page: string, text: string): string {
  return TABLES.filter(table => table.page === page).reduce((fresh, { name, make }) => {
    const marks = new RegExp(`(<!-- ${name}:start -->)[\\s\\S]*(<!-- ${name}:end -->)`)
    if (!marks.test(fresh)) throw new Error(`${page} has no comments ${name}:start and ${name}:end for its table`)
    return fresh.replace(marks, (_all, start: string, end: string) => `${start}\n${make()}\n${end}`)
  }, text)
}

/** Links that add the published package to a host. */
function linkTable(): string {
  const links = HOSTS.flatMap(({ title, installLink }) =>
    installLink ? [[title, installLink(SERVER_NAME, REGISTRY_LAUNCH)]] : [],
  )
  const words = REGISTRY_LAUNCH.args.map(word => `arg=${word}`).join('&')
  const goose = `https://block.github.io/goose/extension?cmd=${REGISTRY_LAUNCH.command}&${words}&id=${SERVER_NAME}&name=${SERVER_NAME}`
  return [...links, ['Goose', goose]].map(([host, link]) => `[Add to ${host}](${link})`).join(' · ')
}

function toolTable(): string {
  const rows = TOOLS.filter(tool => tool.calledBy === undefined).map(tool => {
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
  for (const page of new Set(TABLES.map(table => table.page))) {
    const file = path.join(ROOT, page)
    writeFileSync(file, withFreshTables(page, readFileSync(file, 'utf8')))
  }
  for (const [file, make] of Object.entries(FILES)) writeFileSync(path.join(ROOT, file), make())
}
