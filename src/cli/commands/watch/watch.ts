/** `mcp-1688 watch`: the operator's list of offers and searches, and the check of it, made for cron. */
import * as z from 'zod'
import { invalidInput } from '../../../errors.ts'
import { parseOfferId } from '../../../offers/id/offer-id.ts'
import { quoted } from '../../../offers/text.ts'
import { asSearchTarget, MAX_WATCHED } from '../../../offers/watched.ts'
import { duration } from '../../../option-values.ts'
import { shapeWatchList, watchListText } from '../../../shape/watch.ts'
import type { CheckRequest } from '../../../use-cases/watching/check-watched.ts'
import type { Command, CommandContext } from '../../command.ts'
import { numberOf } from '../../flag-number.ts'
import { printText } from '../../run-as-command.ts'
import { FLAGS } from '../../shared-flags.ts'

const MAX_AT_ONCE = 100

const ACTIONS = ['add', 'remove', 'list'] as const

export const watchCommand: Command = {
  name: 'watch',
  positionals: 'add|remove|list|check [<offer> …]',
  arity: { min: 1, max: MAX_AT_ONCE + 1 },
  summary: 'Keep a list of offers and searches, read them again and report what has changed.',
  flags: {
    search: { value: 'TEXT', help: 'A search to add or remove: words, or the URL or path of a picture.' },
    'max-credits': { value: 'N', help: `Most credits that check spends, by every account (default ${MAX_WATCHED}).` },
    'min-age': { value: 'DURATION', help: 'check does not read again what was read within this time (default 12h).' },
    all: { value: 'switch', help: "check every account's list, each paid by its account." },
    json: FLAGS.json,
  },
  notes: {
    title: 'Exit codes of check',
    rows: [
      ['10', 'something has changed'],
      ['0', 'nothing has changed'],
      ['other', 'it failed, as every command'],
    ],
  },
  run: async context => {
    const [action = '', ...offers] = context.positionals
    if (action === 'check') return check(context, offers)
    const known = ACTIONS.find(each => each === action)
    if (known !== undefined) return edit(context, known, offers)
    throw invalidInput(`Unknown action ${quoted(action)} for "mcp-1688 watch".`, 'Use add, remove, list or check.')
  },
}

async function edit(
  context: CommandContext,
  action: (typeof ACTIONS)[number],
  offers: readonly string[],
): Promise<number> {
  const { app, flags, print } = context
  const targets = [
    ...offers.map(text => ({ kind: 'offer' as const, target: parseOfferId(text) })),
    ...(flags.search === undefined ? [] : [asSearchTarget(flags.search)]),
  ]
  if (action === 'list' ? targets.length > 0 : targets.length === 0) {
    const usage = 'mcp-1688 watch add|remove <offer> … [--search TEXT], or mcp-1688 watch list.'
    throw invalidInput(
      `watch ${action} ${targets.length > 0 ? 'takes no offers' : 'needs an offer or --search'}.`,
      usage,
    )
  }
  const value = shapeWatchList(await app.services.watchOffers({ action, targets }), action)
  if (flags.json !== undefined) print(JSON.stringify(value, null, 2))
  else await printText(context, watchListText(value))
  return 0
}

async function check(context: CommandContext, offers: readonly string[]): Promise<number> {
  if (offers.length > 0)
    throw invalidInput('watch check takes no offers: it reads the whole list.', 'mcp-1688 watch check.')
  const { flags } = context
  const request: CheckRequest = {
    maxCredits: numberOf(flags, 'max-credits', z.int().min(0).max(1_000_000)) ?? MAX_WATCHED,
    minAgeMs: ageOf(flags['min-age']),
    budgetMs: null,
  }
  const { checkAll, checkOwn } = await import('./check.ts')
  return flags.all === undefined ? checkOwn(context, request) : checkAll(context, request)
}

function ageOf(text = '12h'): number {
  const parsed = duration.safeParse(text)
  if (parsed.success) return parsed.data
  throw invalidInput(`--min-age must be written like 30m, 12h or 7d, not ${quoted(text)}.`, 'Or leave it out for 12h.')
}
