/** The watch list, and what a check of it found. */
import * as z from 'zod'
import type { CheckResult, WatchListResult } from '../offers/results/watch-result.ts'
import { CHANGED, MAX_WATCHED, type Watched, type WatchTarget } from '../offers/watched.ts'
import { CONCISE_TITLE_MAX_CHARS, countThatFit, REPLY_MAX_TOKENS } from './text/budgets.ts'
import { creditsSchema, creditsText, shapeCredits } from './text/provenance.ts'
import { noteOf } from './text/remarks.ts'
import { cell, counted, omitUnknown, shorten } from './text/values.ts'

/** Tokens reserved for everything except the lists. */
const FRAME_TOKENS = 1_000

/** An address may be as long as a paragraph. */
const SEARCH_MAX_CHARS = 80

const MAX_FAILURES = 20

const targetShape = { offer_id: z.string().optional(), search: z.string().optional() }

export const watchListSchema = z.object({
  watched: z.array(
    z.object({
      ...targetShape,
      title: z.string().optional(),
      price: z.string().optional(),
      quoted: z.string().optional(),
      last_checked: z.string().optional(),
    }),
  ),
  count: z.int(),
  added: z.int().optional(),
  removed: z.int().optional(),
  left_out: z.int().optional(),
  next: z.string(),
})

export type WatchListValue = z.output<typeof watchListSchema>

export function shapeWatchList(
  { watched, added, removed }: WatchListResult,
  action: 'add' | 'remove' | 'list',
): WatchListValue {
  const all = watched.map(rowOf)
  const shown = all.slice(0, countThatFit(all, REPLY_MAX_TOKENS - FRAME_TOKENS))
  return {
    watched: shown,
    count: watched.length,
    ...omitUnknown({
      added: action === 'add' ? added : null,
      removed: action === 'remove' ? removed : null,
      left_out: all.length - shown.length || null,
    }),
    next:
      watched.length === 0
        ? 'Add offers with action: add and offer_ids, or searches.'
        : 'check_watched reads them again and reports what has changed.',
  }
}

function rowOf({ kind, target, state, checkedAt }: Watched) {
  const offer = kind === 'offer' ? state?.offers[0] : undefined
  return {
    ...shapeTarget({ kind, target }),
    ...omitUnknown({
      title: offer?.title ? shorten(offer.title, CONCISE_TITLE_MAX_CHARS) : null,
      price: offer?.facts.price?.text,
      quoted: offer?.facts.quoted,
      last_checked: checkedAt === null ? null : new Date(checkedAt).toISOString(),
    }),
  }
}

function shapeTarget({ kind, target }: WatchTarget) {
  return kind === 'offer' ? { offer_id: target } : { search: shorten(target, SEARCH_MAX_CHARS) }
}

export function watchListText(value: WatchListValue): string {
  const { watched, count, added, removed, left_out: leftOut } = value
  const done = [
    added === undefined ? null : `${added} added`,
    removed === undefined ? null : `${removed} removed`,
    `${count} of at most ${MAX_WATCHED} watched`,
  ].filter(part => part !== null)
  const rows = watched.map(row =>
    [nameOf(row), row.title, row.price === undefined ? row.quoted : `${row.price} CNY`, row.last_checked]
      .map(cell)
      .join(' | '),
  )
  return [
    `watch list: ${done.join(', ')}`,
    ...(rows.length > 0 ? ['offer or search | title | price | last checked', ...rows] : []),
    ...(leftOut ? [`${leftOut} more cut for length`] : []),
    `next: ${value.next}`,
  ].join('\n')
}

function nameOf({ offer_id: offerId, search }: { offer_id?: string | undefined; search?: string | undefined }): string {
  return offerId ?? `search: ${search ?? ''}`
}

const changeSchema = z.object({
  ...targetShape,
  /** Third-party text. */
  title: z.string().optional(),
  what: z.enum(CHANGED),
  from: z.string().optional(),
  to: z.string().optional(),
})

/** Prices in CNY. */
export const checkSchema = z.object({
  changes: z.array(changeSchema),
  watched: z.int(),
  checked: z.int(),
  left: z.int(),
  left_out: z.int().optional(),
  failed: z.array(z.object({ ...targetShape, code: z.string(), message: z.string() })).optional(),
  stopped: z.string().optional(),
  note: z.string().optional(),
  next: z.string(),
  credits: creditsSchema,
})

export type CheckValue = z.output<typeof checkSchema>

/** @param maxTokens of the changes; the rest is counted. */
export function shapeCheck(result: CheckResult, maxTokens = REPLY_MAX_TOKENS - FRAME_TOKENS): CheckValue {
  const all = result.changes.flatMap(({ changes, ...target }) =>
    changes.map(({ offerId, title, what, from, to }) => ({
      offer_id: offerId,
      ...(target.kind === 'offer' ? {} : shapeTarget(target)),
      ...omitUnknown({ title: title === '' ? null : shorten(title, CONCISE_TITLE_MAX_CHARS) }),
      what,
      ...omitUnknown({ from, to }),
    })),
  )
  const changes = all.slice(0, countThatFit(all, maxTokens))
  const failed = result.failures.slice(0, MAX_FAILURES).map(({ error, ...target }) => {
    return { ...shapeTarget(target), code: error.code, message: error.message }
  })
  const { stoppedBecause } = result
  return {
    changes,
    watched: result.watched,
    checked: result.checked,
    left: result.left,
    ...omitUnknown({
      left_out: all.length - changes.length || null,
      failed: failed.length > 0 ? failed : null,
      stopped: stoppedBecause && `${stoppedBecause.message} ${stoppedBecause.hint}`.trimEnd(),
      note: noteOf(result.remarks),
    }),
    next: nextStep(result),
    credits: shapeCredits(result.credits),
  }
}

function nextStep({ watched, left, unreported, isOutOfCredits, stoppedBecause, nextDueAt }: CheckResult): string {
  if (watched === 0) return 'Nothing is watched yet: add offers or searches with watch_offers.'
  if (left > 0) {
    const wait = stoppedBecause?.retryAfterMs
    const when = wait === undefined ? '' : ` in ${Math.ceil(wait / 1000)} s`
    const why = isOutOfCredits ? ` with max_credits: ${left}` : when
    return `Call check_watched again${why}: it goes on with the ${left} that ${left === 1 ? 'is' : 'are'} left, and reads nothing twice.`
  }
  if (unreported > 0) return `Call check_watched again for the changes of ${unreported} more; it costs nothing.`
  if (nextDueAt === null) return 'Look at what failed, then call check_watched again.'
  return `The next is due at ${new Date(nextDueAt).toISOString()}.`
}

export function checkText(value: CheckValue): string {
  const { changes, watched, checked, left, failed = [], left_out: leftOut } = value
  return [
    `${counted(changes.length + (leftOut ?? 0), 'change')}; ${checked} of ${watched} watched read now, ${left} left`,
    ...changes.map(changeLine),
    ...(leftOut ? [`${leftOut} more cut for length`] : []),
    ...failed.map(failure => `not read: ${cell(nameOf(failure))} (${failure.code}): ${failure.message}`),
    ...(value.stopped ? [`stopped: ${value.stopped}`] : []),
    ...(value.note ? [`note: ${value.note}`] : []),
    creditsText(value.credits),
    `next: ${value.next}`,
  ].join('\n')
}

const WHAT = {
  price: 'price (CNY)',
  ladder: 'price tiers (CNY)',
  quoted: 'quoted price',
  moq: 'MOQ',
  stock: 'stock',
  status: 'listing',
} as const

function changeLine({ offer_id: offerId, search, title, what, from, to }: CheckValue['changes'][number]): string {
  const where = search === undefined ? '' : ` in search ${cell(search)}`
  const name = `${offerId ?? ''}${title === undefined ? '' : ` ${cell(title)}`}`
  if (what === 'new_offer') return `new${where}: ${name}${to === undefined ? '' : `, ${to} CNY`}`
  return `${name}${where}: ${WHAT[what]} ${from ?? '-'} -> ${to ?? '-'}`
}
