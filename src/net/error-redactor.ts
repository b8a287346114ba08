import { createRedactor } from '../log.ts'

/**
 * Copies errors and what caused them without secrets. Their other properties, of which Node keeps a URL in some, are
 * dropped.
 */
export function createErrorRedactor(secrets: readonly string[]): (thrown: unknown) => unknown {
  if (secrets.length === 0) return thrown => thrown
  const redact = createRedactor(secrets)
  const copy = (thrown: unknown): unknown => {
    if (typeof thrown === 'string') return redact(thrown)
    if (!(thrown instanceof Error)) return undefined
    const clean = new Error(redact(thrown.message), thrown.cause === undefined ? {} : { cause: copy(thrown.cause) })
    clean.name = thrown.name
    clean.stack = redact(thrown.stack ?? '')
    return clean
  }
  return copy
}
