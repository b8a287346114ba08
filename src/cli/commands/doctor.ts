/** `mcp-1688 doctor`: what works here, what does not, and how to fix it. */
import { rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { isImport } from '../../catalogue/owners.ts'
import { AppError, asAppError, type ErrorCode } from '../../errors.ts'
import { describeProxies, readProxies } from '../../net/proxies.ts'
import { noteOf } from '../../shape/text/remarks.ts'
import { counted } from '../../shape/text/values.ts'
import { makeDataDir } from '../../store/data-dir.ts'
import type { ApiGrant } from '../../upstreams/port.ts'
import type { UpstreamCheck } from '../../use-cases/diagnose.ts'
import type { Command, CommandContext } from '../command.ts'
import { FLAGS } from '../shared-flags.ts'

interface Finding {
  check: string
  status: 'ok' | 'warn' | 'fail'
  message: string
  fix?: string
}

/** Width of the first column: the longest name and two spaces. */
const WIDTH = 'open1688, network'.length + 2

const SIGNS = { ok: '✓', warn: '!', fail: '✗' } as const

/** Exits with 1 if any check fails. */
export const doctorCommand: Command = {
  name: 'doctor',
  positionals: '',
  arity: { min: 0, max: 0 },
  summary:
    'Check Node, data folder, ledger, catalogue, keys, network and the picture model; say how to fix each problem.',
  flags: {
    spend: {
      value: 'switch',
      help: 'Also check keys that cannot be checked for free; each costs one credit.',
    },
    json: FLAGS.json,
  },
  async run(context) {
    const { flags, print } = context
    const findings: Finding[] = []
    const add = (finding: Finding) => {
      findings.push(finding)
      if (flags.json === undefined) print(lineOf(finding))
    }
    // An older Node never gets this far.
    add({ check: 'Node', status: 'ok', message: process.versions.node })
    add(await attempt('data folder', () => checkDataDir(context.config.dataDir)))
    add(await attempt('catalogue', () => checkCatalogue(context)))
    const proxies = describeProxies(readProxies(context.machine.env))
    if (proxies !== null) add({ check: 'proxy', status: 'ok', message: proxies })
    for (const check of await upstreamChecks(context, add)) for (const finding of findingsOf(check)) add(finding)
    add(await attempt('picture model', () => checkEmbedder(context)))
    if (flags.json !== undefined) print(JSON.stringify(findings, null, 2))
    return findings.some(({ status }) => status === 'fail') ? 1 : 0
  },
}

function lineOf({ check, status, message, fix }: Finding): string {
  return `${SIGNS[status]} ${check.padEnd(WIDTH)}${message}${fix === undefined ? '' : `\n  ${' '.repeat(WIDTH)}-> ${fix}`}`
}

async function attempt(check: string, run: () => Promise<Omit<Finding, 'check'>>): Promise<Finding> {
  try {
    return { check, ...(await run()) }
  } catch (thrown) {
    const { message, hint } = asAppError(thrown)
    return { check, status: 'fail', message, fix: hint }
  }
}

async function checkDataDir(dataDir: string): Promise<Omit<Finding, 'check'>> {
  const probe = path.join(dataDir, `.doctor-${process.pid}`)
  try {
    makeDataDir(dataDir)
    await writeFile(probe, 'x')
    await rm(probe)
    return { status: 'ok', message: dataDir }
  } catch (cause) {
    throw new AppError({
      code: 'store_unavailable',
      message: `${dataDir} cannot be written.`,
      hint: 'Make it writable, or choose another folder with MCP1688_DATA_DIR.',
      cause,
    })
  }
}

async function checkCatalogue({ app, config }: CommandContext): Promise<Omit<Finding, 'check'>> {
  const { stats, takeRemarks } = await app.openCatalogue()
  const catalogue = await stats()
  const remarks = takeRemarks()
  const damaged = remarks.filter(({ kind }) => kind === 'catalogue_set_aside' || kind === 'replies_set_aside')
  if (damaged.length > 0) return { status: 'warn', message: noteOf(damaged) ?? '' }
  if (remarks.some(({ kind }) => kind === 'catalogue_in_memory')) {
    return {
      status: 'warn',
      message: 'kept in memory only',
      fix: 'Make the data folder writable, or choose another one with MCP1688_DATA_DIR.',
    }
  }
  const hasImports = catalogue.some(({ source }) => isImport(source))
  if (config.upstreams[0] === 'own' && !hasImports)
    return { status: 'warn', message: 'no imported offers', fix: 'Import some with mcp-1688 catalogue import FILE.' }
  const offers = catalogue.reduce((sum, each) => sum + each.offers, 0)
  const compared = catalogue.reduce((sum, each) => sum + each.embedded, 0)
  return { status: 'ok', message: `${counted(offers, 'offer')}, ${compared} with a picture ready to compare` }
}

async function upstreamChecks(
  { app, flags, signal }: CommandContext,
  add: (finding: Finding) => void,
): Promise<UpstreamCheck[]> {
  try {
    return await (await app.openDiagnosis()).checkUpstreams(flags.spend !== undefined, { signal })
  } catch (thrown) {
    add(await attempt('upstream', () => Promise.reject(thrown)))
    return []
  }
}

/** Failures of the network rather than of the key. */
const NETWORK_CODES: ReadonlySet<ErrorCode> = new Set([
  'upstream_unavailable',
  'certificate_untrusted',
  'deadline_exceeded',
])

function findingsOf({ upstream, credits, answer, isCounted }: UpstreamCheck): Finding[] {
  const findings: Finding[] = []
  if (answer === null) {
    const message = `not checked: that would cost ${counted(credits, 'credit')}`
    findings.push({ check: upstream, status: 'warn', message, fix: 'Run mcp-1688 doctor --spend to check it anyway.' })
  } else if ('error' in answer) {
    const { code, message, hint } = answer.error
    // Of the ledger: nothing was asked.
    if (code === 'store_unavailable') return [{ check: `${upstream}, ledger`, status: 'fail', message, fix: hint }]
    const check = NETWORK_CODES.has(code) ? `${upstream}, network` : upstream
    findings.push({ check, status: 'fail', message, fix: hint })
  } else {
    const { grants } = answer
    const works = `the key works${credits > 0 ? ` (${counted(credits, 'credit')} spent)` : ''}`
    const gaps = gapsOf(grants, works).map(gap => ({ check: upstream, status: 'warn' as const, ...gap }))
    const fine =
      upstream === 'sample' || upstream === 'own'
        ? FREE_SOURCES[upstream]
        : `${works}${grants.length > 0 ? ` for all ${grants.length} APIs` : ''}`
    findings.push(...(gaps.length === 0 ? [{ check: upstream, status: 'ok' as const, message: fine }] : gaps))
  }
  if (isCounted !== null) findings.push(ledgerFinding(upstream, isCounted))
  return findings
}

const FREE_SOURCES = { sample: 'needs no key', own: 'imported offers alone; needs no key' } as const

function gapsOf(grants: readonly ApiGrant[], works: string): Pick<Finding, 'message' | 'fix'>[] {
  const refused = grants.filter(({ granted }) => !granted).map(({ api }) => api)
  const usedUp = grants.filter(({ isUsedUp }) => isUsedUp).map(({ api }) => api)
  const usable = grants.filter(({ granted, isUsedUp }) => granted && !isUsedUp).map(({ api }) => api)
  const meanwhile = usable.length === 0 ? '.' : `. Ready for calls: ${usable.join(', ')}.`
  const gaps: Pick<Finding, 'message' | 'fix'>[] = []
  if (refused.length > 0) {
    const fix = `Apply for those in the upstream's console${meanwhile}`
    gaps.push({ message: `${works}, but not for ${refused.join(', ')}`, fix })
  }
  if (usedUp.length > 0) {
    const message = `${works}, but the bought calls of ${usedUp.join(', ')} are used up`
    gaps.push({ message, fix: `Buy a new package in the upstream's console${meanwhile}` })
  }
  return gaps
}

function ledgerFinding(upstream: string, isCounted: boolean): Finding {
  const check = `${upstream}, ledger`
  if (isCounted) return { check, status: 'ok', message: 'calls and credits are counted' }
  const fix = 'Put the data folder on a writable local disk, not on a network drive.'
  return { check, status: 'fail', message: 'calls and credits cannot be counted', fix }
}

async function checkEmbedder({ app, signal }: CommandContext): Promise<Omit<Finding, 'check'>> {
  const { id, tookMs, error } = await (await app.openDiagnosis()).checkEmbedder({ signal })
  if (error) throw error
  return { status: 'ok', message: `${id} compares pictures (${tookMs} ms including loading)` }
}
