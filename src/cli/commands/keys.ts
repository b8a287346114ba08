import * as z from 'zod'
import { DEFAULT_OWN_OFFERS, storageFor } from '../../catalogue/holdings.ts'
import { invalidInput } from '../../errors.ts'
import { type ApiKey, accountOf, KEY_RIGHTS, type KeyRight, type KeyStore } from '../../keys/api-key.ts'
import { cleanText, FIELD_MAX_CHARS, quoted } from '../../offers/text.ts'
import { counted } from '../../shape/text/values.ts'
import type { Command, CommandContext } from '../command.ts'
import { numberOf } from '../flag-number.ts'
import { FLAGS } from '../shared-flags.ts'

const DAY_MS = 86_400_000

/** More would be slow to rank for everybody. */
const MAX_OWN_OFFERS = 100_000

const tiers = z.enum(['free', 'hobby', 'developer'])

export const keysCommand: Command = {
  name: 'keys',
  positionals: '<add|list|revoke|rotate|allow|restore> [id] [rights]',
  arity: { min: 1, max: 3 },
  summary:
    'Create, list, revoke or rotate the API keys of serve, change what they may do, or restore a damaged file of them.',
  flags: {
    name: { value: 'NAME', help: "add: name of the key's owner." },
    tier: { value: 'TIER', help: 'add: its limits: free, hobby or developer. Default: free.' },
    expires: { value: 'WHEN', help: 'add: when it expires: 90d, or a day such as 2027-01-31. Default: never.' },
    allow: {
      value: 'RIGHTS',
      help: 'add: what the key may do beyond calls: metrics (read /metrics), import (import offers), or both, separated by a comma. Default: none.',
    },
    storage: {
      value: 'N',
      help: 'add: how many offers the key may import, with 50 kB each for their pictures and for exports. Default: 10000.',
    },
    forget: {
      value: 'switch',
      help: 'revoke: also delete what the key has imported and watched, now instead of after 30 days.',
    },
    json: FLAGS.json,
  },
  options: ['store', 'dataDir'],
  async run(context) {
    if (context.positionals[0] === 'restore') return restore(context)
    const { openKeys } = await import('../../keys/open-keys.ts')
    const { keys, close } = openKeys(context.config)
    try {
      await runAction(keys, context)
      return 0
    } finally {
      await close()
    }
  },
}

/** The files are not opened as usual, which fails while they are damaged. */
async function restore({ config, positionals, flags, print }: CommandContext): Promise<number> {
  refuseMore('restore', positionals[1], undefined)
  if (config.store !== undefined)
    throw invalidInput('The keys are in the database of MCP1688_STORE.', 'Restore the database from a backup.')
  const { restoreKeys } = await import('../../keys/sqlite/restore-keys.ts')
  const { restoredText } = await import('../../store/copies/restore.ts')
  const { database, pepper } = restoreKeys(config.dataDir, Date.now())
  if (flags.json !== undefined) print(JSON.stringify({ database, pepper_restored: pepper !== false }, null, 2))
  else {
    if (database !== null) print(restoredText('keys.db', database))
    if (pepper !== false) print(restoredText('keys.pepper', { copy: 'keys.pepper.copy', aside: pepper }))
    if (database === null && pepper === false) print('No file of the keys is damaged: nothing was changed.')
  }
  return database !== null && database.copy === null ? 1 : 0
}

async function runAction(store: KeyStore, { app, positionals, flags, print, notify }: CommandContext): Promise<void> {
  const [action, id, rights] = positionals
  refuseMore(action, id, rights)
  const show = (json: unknown, text: string) => print(flags.json === undefined ? text : JSON.stringify(json, null, 2))
  const showText = ({ key, text }: { key: ApiKey; text: string }) => {
    show({ ...facts(key), key: text }, `${line(key)}\n${text}`)
    notify('Store the key now: it is not shown again.')
  }
  if (action === 'list') {
    const keys = await store.list()
    show(keys.map(facts), keys.map(line).join('\n') || 'There are no keys.')
  } else if (action === 'add') {
    const name = cleanText(flags.name, FIELD_MAX_CHARS)
    if (name === null) throw invalidInput('keys add needs --name.', "Name the key's owner: --name NAME.")
    showText(
      await store.add({
        name,
        tier: tierOf(flags.tier),
        expiresAt: expiryOf(flags.expires, Date.now()),
        rights: rightsOf(flags.allow ?? 'none'),
        ...ownOffersOf(flags),
      }),
    )
  } else if (action === 'revoke' || action === 'rotate') {
    if (id === undefined)
      throw invalidInput(`keys ${action} needs the ID of a key.`, 'mcp-1688 keys list shows the IDs.')
    if (action === 'rotate') return showText(await store.rotate(id))
    const key = await store.revoke(id)
    if (flags.forget === undefined) return show(facts(key), line(key))
    const { offers, watched } = await app.forgetAccount(accountOf(id))
    const deleted = `Deleted: ${counted(offers, 'imported offer')}, ${watched} watched.`
    show({ ...facts(key), deleted: { offers, watched } }, `${line(key)}\n${deleted}`)
  } else if (action === 'allow') {
    if (id === undefined || rights === undefined)
      throw invalidInput(
        'keys allow needs the ID of a key and the rights to add.',
        `For example: mcp-1688 keys allow 1a2b3c4d ${KEY_RIGHTS.join(',')} (or none, which takes all away).`,
      )
    const asked = rightsOf(rights)
    const held = (await store.list()).find(key => key.id === id)?.rights ?? []
    const kept = asked.length === 0 ? [] : [...new Set([...held, ...asked])]
    const key = await store.allow(id, kept)
    show(facts(key), line(key))
  } else
    throw invalidInput(
      `Unknown action ${quoted(action)} for "mcp-1688 keys".`,
      'Use add, list, revoke, rotate, allow or restore.',
    )
}

function refuseMore(action = '', id: string | undefined, rights: string | undefined): void {
  const takesNone = action === 'add' || action === 'list' || action === 'restore'
  const unexpected = takesNone ? id : action === 'allow' ? undefined : rights
  if (unexpected === undefined) return
  throw invalidInput(
    `Unexpected argument ${quoted(unexpected)} for "mcp-1688 keys ${action}".`,
    'mcp-1688 keys --help shows the arguments.',
  )
}

/** `none`, or names separated by commas. */
function rightsOf(text: string): KeyRight[] {
  const names = text === 'none' ? [] : text.split(',').map(name => name.trim())
  const unknown = names.find(name => !isRight(name))
  if (unknown === undefined) return names.filter(isRight)
  throw invalidInput(
    `Unknown right ${quoted(unknown)}.`,
    `Use ${KEY_RIGHTS.join(', ')} (several separated by commas), or none.`,
  )
}

function isRight(name: string): name is KeyRight {
  return KEY_RIGHTS.some(right => right === name)
}

function tierOf(text = 'free'): ApiKey['tier'] {
  const tier = tiers.safeParse(text)
  if (tier.success) return tier.data
  throw invalidInput(`Unknown tier ${quoted(text)}.`, 'Use --tier free, --tier hobby or --tier developer.')
}

function ownOffersOf(flags: CommandContext['flags']): { ownOffers?: number } {
  const ownOffers = numberOf(flags, 'storage', z.int().min(0).max(MAX_OWN_OFFERS))
  return ownOffers === null ? {} : { ownOffers }
}

/** `90d` from now, or the end of a day (UTC). */
function expiryOf(text: string | undefined, now: number): number | null {
  if (text === undefined) return null
  const days = /^(\d{1,4})d$/.exec(text)?.[1]
  // Date.parse accepts 31 February as a day in March.
  const day = z.iso.date().safeParse(text).data ?? ''
  const at = days === undefined ? Date.parse(`${day}T23:59:59.999Z`) : now + Number(days) * DAY_MS
  if (at > now) return at
  throw invalidInput(
    `--expires must be in the future, not ${quoted(text)}.`,
    'Use a number of days, for example 90d, or a day such as 2027-01-31.',
  )
}

function facts({ id, name, tier, rights, ownOffers, createdAt, expiresAt, revokedAt }: ApiKey) {
  const time = (at: number | null) => (at === null ? null : new Date(at).toISOString())
  return {
    id,
    name,
    tier,
    rights,
    own_offers: ownOffers,
    own_bytes: storageFor(ownOffers),
    created_at: time(createdAt),
    expires_at: time(expiresAt),
    revoked_at: time(revokedAt),
  }
}

function line(key: ApiKey): string {
  const { id, name, tier, expires_at: expiresAt, revoked_at: revokedAt } = facts(key)
  const state = revokedAt === null ? `expires ${expiresAt ?? 'never'}` : `revoked ${revokedAt}`
  const allowed = key.rights.length === 0 ? '' : `  may: ${key.rights.join(', ')}`
  const room =
    key.ownOffers === DEFAULT_OWN_OFFERS
      ? ''
      : `  own offers: ${key.ownOffers} (${storageFor(key.ownOffers) / 1_000_000} MB)`
  return `${id}  ${tier.padEnd(9)}  ${state}  ${name}${allowed}${room}`
}
