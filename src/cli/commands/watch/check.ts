/** Checks watch lists from the command line. */
import { OPERATOR } from '../../../catalogue/owners.ts'
import { AppError, asAppError, ERROR_CODES, throwIfAborted } from '../../../errors.ts'
import { chargeServices } from '../../../http/access/payer.ts'
import { accountOf, stateOf } from '../../../keys/api-key.ts'
import { openKeys } from '../../../keys/open-keys.ts'
import type { CheckResult } from '../../../offers/results/watch-result.ts'
import { checkText, shapeCheck } from '../../../shape/watch.ts'
import { errorText, errorValue } from '../../../tools/reply.ts'
import type { CheckRequest } from '../../../use-cases/watching/check-watched.ts'
import type { CommandContext } from '../../command.ts'
import { printText } from '../../run-as-command.ts'

/** Of a check that found a change; no error has it. */
const CHANGED_EXIT_CODE = 10

/** The operator's own list. */
export async function checkOwn(context: CommandContext, request: CheckRequest): Promise<number> {
  const { app, flags, print } = context
  const result = await withBar(context, call => app.services.checkWatched(request, call))
  const value = shapeCheck(result, Number.POSITIVE_INFINITY)
  if (flags.json !== undefined) print(JSON.stringify(value, null, 2))
  else await printText(context, checkText(value))
  return exitCodeOf([result])
}

/** Every account's list, one after the other; one that fails does not stop the rest. */
export async function checkAll(context: CommandContext, request: CheckRequest): Promise<number> {
  const { app, config, flags, print, signal } = context
  const { keys, accounts, close } = openKeys(config)
  try {
    const known = new Map((await keys.list()).map(key => [accountOf(key.id), key]))
    const checkOf = async (owner: string, call: Parameters<typeof app.services.checkWatched>[1]) => {
      if (owner === OPERATOR) return app.services.checkWatched(request, call)
      const key = known.get(owner)
      if (key === undefined || stateOf(key, Date.now()) !== 'active') throw notPaidFor(owner)
      const { id, rights, tier, ownOffers } = key
      const caller = { id, owner, rights, tier, mostOffers: ownOffers, account: accounts.of(owner, tier) }
      return chargeServices(caller, app.servicesOf(owner)).services.checkWatched(request, call)
    }
    const outcomes: { account: string; outcome: CheckResult | AppError }[] = []
    for (const account of await app.listWatchers()) {
      const outcome = await withBar(context, call => checkOf(account, call)).catch(asAppError)
      throwIfAborted(signal)
      outcomes.push({ account, outcome })
    }
    const values = outcomes.map(({ account, outcome }) =>
      outcome instanceof AppError
        ? { account, error: outcome }
        : { account, value: shapeCheck(outcome, Number.POSITIVE_INFINITY) },
    )
    const json = values.map(({ account, value, error }) => ({
      account,
      ...(error ? { error: errorValue(error) } : value),
    }))
    const texts = values.map(({ account, value, error }) => {
      return `${account}:\n${error ? `error: ${errorText(error)}` : checkText(value)}`
    })
    print(
      flags.json === undefined
        ? texts.join('\n\n') || 'Nobody watches anything.'
        : JSON.stringify({ accounts: json }, null, 2),
    )
    return exitCodeOf(outcomes.map(({ outcome }) => outcome))
  } finally {
    await close()
  }
}

async function withBar<T>(
  { signal }: CommandContext,
  work: (call: Parameters<CommandContext['app']['services']['checkWatched']>[1]) => Promise<T>,
): Promise<T> {
  const { createProgressBar } = await import('../../terminal/progress-bar.ts')
  const bar = createProgressBar(process.stderr)
  return work({ signal, endsProcess: true, onProgress: bar.onProgress }).finally(bar.stop)
}

/** Changes come first: they are reported once, whereas what failed is tried again by the next check. */
function exitCodeOf(outcomes: readonly (CheckResult | AppError)[]): number {
  if (outcomes.some(outcome => !(outcome instanceof AppError) && outcome.changes.length > 0)) return CHANGED_EXIT_CODE
  const [error] = outcomes.flatMap(outcome => {
    if (outcome instanceof AppError) return outcome
    return [
      ...(outcome.stoppedBecause ? [outcome.stoppedBecause] : []),
      ...outcome.failures.map(failure => failure.error),
    ]
  })
  return error === undefined ? 0 : ERROR_CODES[error.code].exitCode
}

function notPaidFor(owner: string): AppError {
  return owner.startsWith('oauth:')
    ? new AppError({
        code: 'key_missing',
        message: `The list of ${owner} was not checked: the plan of an OAuth account is known only from its token.`,
        hint: 'Its holder can call check_watched.',
      })
    : new AppError({
        code: 'key_rejected',
        message: `The list of ${owner} was not checked: its API key is not valid any more.`,
        hint: 'Nothing else is affected; mcp-1688 keys list shows the keys.',
      })
}
