/** `mcp-1688 doctor`: what works here, what does not, and how to mend it. */
import { rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { AppError, asAppError, type ErrorCode } from '../../errors.ts'
import { describeProxies, readProxies } from '../../net/proxies.ts'
import { makeDataDir } from '../../store/data-dir.ts'
import type { UpstreamCheck } from '../../use-cases/diagnose.ts'
import type { Command, CommandContext } from '../command.ts'

interface Finding {
  what: string
  state: 'ok' | 'warn' | 'fail'
  found: string
  /** What to do; only where something is to be done. */
  mend?: string
}

/** Of the first column: the longest name and two blanks. */
const WIDTH = 'open1688, network'.length + 2

const SIGNS = { ok: '✓', warn: '!', fail: '✗' } as const

/** Checks one part after the other; exit code 1 where one fails. */
export const doctorCommand: Command = {
  name: 'doctor',
  positionals: '',
  arity: { min: 0, max: 0 },
  summary: 'Check Node, data folder, ledger, catalogue, keys, network and the picture model; say how to mend each.',
  flags: {
    spend: {
      value: 'switch',
      help: 'Also check keys whose upstream has no free way to tell; that costs a credit each.',
    },
    json: { value: 'switch', help: 'Print JSON instead of text.' },
  },
  async run(context) {
    const { flags, print } = context
    const findings: Finding[] = []
    const add = (finding: Finding) => {
      findings.push(finding)
      if (flags.json === undefined) print(lineOf(finding))
    }
    // One that is too old does not get here.
    add({ what: 'Node', state: 'ok', found: process.versions.node })
    add(await attempt('data folder', () => checkDataDir(context.config.dataDir)))
    add(await attempt('catalogue', () => checkCatalogue(context)))
    const proxies = describeProxies(readProxies(context.machine.env))
    if (proxies !== null) add({ what: 'proxy', state: 'ok', found: proxies })
    for (const check of await upstreamChecks(context, add)) for (const finding of findingsOf(check)) add(finding)
    add(await attempt('picture model', () => checkEmbedder(context)))
    if (flags.json !== undefined) print(JSON.stringify(findings, null, 2))
    return findings.some(({ state }) => state === 'fail') ? 1 : 0
  },
}

function lineOf({ what, state, found, mend }: Finding): string {
  return `${SIGNS[state]} ${what.padEnd(WIDTH)}${found}${mend === undefined ? '' : `\n  ${' '.repeat(WIDTH)}-> ${mend}`}`
}

/** What fails is a finding, too. */
async function attempt(what: string, check: () => Promise<Omit<Finding, 'what'>>): Promise<Finding> {
  try {
    return { what, ...(await check()) }
  } catch (thrown) {
    const { message, hint } = asAppError(thrown)
    return { what, state: 'fail', found: message, mend: hint }
  }
}

async function checkDataDir(dataDir: string): Promise<Omit<Finding, 'what'>> {
  const probe = path.join(dataDir, `.doctor-${process.pid}`)
  try {
    makeDataDir(dataDir)
    await writeFile(probe, 'x')
    await rm(probe)
    return { state: 'ok', found: dataDir }
  } catch (cause) {
    throw new AppError({
      code: 'store_unavailable',
      message: `${dataDir} cannot be written.`,
      hint: 'Make it writable or name another one with MCP1688_DATA_DIR.',
      cause,
    })
  }
}

async function checkCatalogue({ app }: CommandContext): Promise<Omit<Finding, 'what'>> {
  const { remarks, catalogue } = await app.services.getUsage()
  if (remarks.some(({ kind }) => kind === 'catalogue_in_memory')) {
    return {
      state: 'warn',
      found: 'kept in memory only',
      mend: 'Remove catalogue.db from the data folder if it is damaged.',
    }
  }
  const offers = catalogue.reduce((sum, each) => sum + each.offers, 0)
  const compared = catalogue.reduce((sum, each) => sum + each.compared, 0)
  return { state: 'ok', found: `${offers} offers, ${compared} of them with a compared picture` }
}

async function upstreamChecks(
  { app, flags, signal }: CommandContext,
  add: (finding: Finding) => void,
): Promise<UpstreamCheck[]> {
  try {
    return await (await app.openCheckUp()).checkUpstreams(flags.spend !== undefined, { signal })
  } catch (thrown) {
    add(await attempt('upstream', () => Promise.reject(thrown)))
    return []
  }
}

/** Failures that say that the network, and not the key, is what does not work. */
const NETWORK_CODES: ReadonlySet<ErrorCode> = new Set([
  'upstream_unavailable',
  'certificate_untrusted',
  'deadline_exceeded',
])

function findingsOf({ upstream, credits, answer, isCounted }: UpstreamCheck): Finding[] {
  const findings: Finding[] = []
  if (answer === null) {
    const found = `not asked: that would cost ${credits} credit`
    findings.push({ what: upstream, state: 'warn', found, mend: 'Run mcp-1688 doctor --spend to ask all the same.' })
  } else if ('error' in answer) {
    const { code, message, hint } = answer.error
    findings.push({
      what: NETWORK_CODES.has(code) ? `${upstream}, network` : upstream,
      state: 'fail',
      found: message,
      mend: hint,
    })
  } else {
    const refused = answer.grants.filter(({ granted }) => !granted).map(({ api }) => api)
    const found = `the key works${credits > 0 ? ` (${credits} credit spent)` : ''}`
    findings.push(
      refused.length === 0
        ? { what: upstream, state: 'ok', found: upstream === 'sample' ? 'needs no key' : found }
        : {
            ...{ what: upstream, state: 'warn', found: `${found}, but not for ${refused.join(', ')}` },
            mend: "Apply for those in the source's own console; the others are used meanwhile.",
          },
    )
  }
  if (isCounted !== null) findings.push(ledgerFinding(upstream, isCounted))
  return findings
}

function ledgerFinding(upstream: string, isCounted: boolean): Finding {
  const what = `${upstream}, ledger`
  if (isCounted) return { what, state: 'ok', found: 'calls and credits are counted' }
  const mend = 'Make the data folder writable, on a disk of this machine and not over a network.'
  return { what, state: 'fail', found: 'calls and credits cannot be counted', mend }
}

async function checkEmbedder({ app, signal }: CommandContext): Promise<Omit<Finding, 'what'>> {
  const { id, tookMs, error } = await (await app.openCheckUp()).checkEmbedder({ signal })
  if (error) throw error
  return { state: 'ok', found: `${id} compares pictures (${tookMs} ms with loading)` }
}
