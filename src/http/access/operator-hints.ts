/** A caller over HTTP can neither set this server's variables nor run its commands: hints about them say whose they are. */
import { AppError, partsOf } from '../../errors.ts'
import { isRecord } from '../../tools/json-values.ts'
import type { CallOptions } from '../../upstream-calls/call-options.ts'
import { mapUseCases, type Services } from '../../use-cases/use-cases.ts'

const FOR_THE_OPERATOR = /\bMCP1688_|\bmcp-1688 [a-z]/

export function withOperatorHints(services: Services): Services {
  return mapUseCases(name => async (request: never, call: CallOptions) => {
    const useCase: (request: never, call: CallOptions) => Promise<unknown> = services[name]
    try {
      const result = await useCase(request, call)
      if (!hasFields(result)) return forCaller(result)
      return Object.fromEntries(Object.entries(result).map(([key, value]) => [key, forCaller(value)]))
    } catch (thrown) {
      throw forCaller(thrown)
    }
  })
}

/** Errors, remarks and rows about a failure; anything else is returned as it is. */
function forCaller(value: unknown): unknown {
  if (value instanceof AppError) return new AppError({ ...partsOf(value), hint: hintFor(value.hint) })
  if (Array.isArray(value)) return value.map(forCaller)
  if (!hasFields(value)) return value
  const { hint, error } = value
  if (typeof hint === 'string') return { ...value, hint: hintFor(hint) }
  return error instanceof AppError ? { ...value, error: forCaller(error) } : value
}

function hintFor(hint: string): string {
  return FOR_THE_OPERATOR.test(hint) ? `For the operator of this server: ${hint}` : hint
}

/** Rather than the bytes of a picture. */
function hasFields(value: unknown): value is Record<string, unknown> {
  return isRecord(value) && !ArrayBuffer.isView(value)
}
