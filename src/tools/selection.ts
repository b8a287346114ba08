/** Chooses the tools that a server offers: each one costs tokens in every conversation. */
import { AppError } from '../errors.ts'
import { nearestName } from '../nearest-name.ts'
import { quoted } from '../offers/text.ts'
import type { ListedTool } from './define.ts'
import { LISTED_TOOLS } from './listed.ts'

const CORE = ['search_by_image', 'get_product_details', 'get_usage']

/** Useful only where an upstream has an index to fetch. */
const FOR_AN_INDEX = 'sync_catalogue'

/** What few conversations need. */
const ONLY_IN_ALL = ['draft_inquiry', 'watch_offers', 'check_watched', 'import_offers']

const SETS: Readonly<Record<string, (name: string, hasIndex: boolean) => boolean>> = {
  core: name => CORE.includes(name),
  sourcing: (name, hasIndex) => !ONLY_IN_ALL.includes(name) && (name !== FOR_AN_INDEX || hasIndex),
  all: () => true,
}

/**
 * @param wanted names of sets (`core`, `sourcing`, `all`) and of tools.
 * @param isRemote whether callers use other computers.
 * @returns the tools in the order in which agents see them, with those that only a page calls if any shows
 * that page.
 * @throws AppError `config_invalid` for an unknown name, or if no tool is left.
 */
export function selectTools(wanted: readonly string[], hasIndex: boolean, isRemote = false): ListedTool[] {
  for (const name of wanted) checkName(name)
  const isWanted = ({ name, isLocal }: ListedTool) =>
    !(isLocal && isRemote) && wanted.some(each => each === name || SETS[each]?.(name, hasIndex))
  return withPageTools(LISTED_TOOLS.filter(isWanted))
}

/** Those of `offered` that are also in `wanted`: a caller's choice never widens the operator's. */
export function narrowTools(offered: readonly ListedTool[], wanted: readonly string[]): ListedTool[] {
  const chosen = new Set(selectTools(wanted, true))
  return withPageTools(offered.filter(tool => chosen.has(tool)))
}

/** The tools that only a page calls belong to those that show it. */
function withPageTools(chosen: readonly ListedTool[]): ListedTool[] {
  const forAgents = chosen.filter(({ calledBy }) => calledBy === undefined)
  if (forAgents.length === 0) throw noTools()
  const pages = new Set(forAgents.map(({ page }) => page))
  return LISTED_TOOLS.filter(tool => forAgents.includes(tool) || tool.calledBy?.some(page => pages.has(page)))
}

function checkName(name: string): void {
  const names = [
    ...Object.keys(SETS),
    ...LISTED_TOOLS.filter(({ calledBy }) => calledBy === undefined).map(tool => tool.name),
  ]
  if (names.includes(name)) return
  const nearest = nearestName(name, names)
  throw new AppError({
    code: 'config_invalid',
    message: `Invalid --tools (MCP1688_TOOLS): ${quoted(name)} is not a tool or a set of tools${nearest ? ` (did you mean ${nearest}?)` : ''}.`,
    hint: `Choose from ${names.join(', ')}.`,
  })
}

function noTools(): AppError {
  return new AppError({
    code: 'config_invalid',
    message: 'Invalid --tools (MCP1688_TOOLS): it selects none of the tools that this server offers.',
    hint: 'Name core, sourcing or all, or the tools themselves, separated by commas.',
  })
}
