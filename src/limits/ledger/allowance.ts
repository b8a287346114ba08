/** What a key may do; `null` is no limit known. */
export interface Allowance {
  /** Calls in any 60 s. */
  callsPerMinute: number | null
  /** Credits in a billing month. */
  creditsPerMonth: number | null
  /** Day of the month, 1..28 (UTC), on which the credits start anew; `null`: not known, a credit comes back 30 days after its call. */
  creditResetDay: number | null
}

/** Of a key whose vendor publishes no figures. */
export const UNKNOWN_ALLOWANCE: Allowance = { callsPerMinute: null, creditsPerMonth: null, creditResetDay: null }

/**
 * The tiers of the 1688.com API on Parse, from the price table of its own page: requests a minute, and credits a month at one credit a call. Later
 * clients report other figures, so each can be overridden.
 */
export const PARSE_TIERS = {
  free: { callsPerMinute: 5, creditsPerMonth: 100, creditResetDay: null },
  hobby: { callsPerMinute: 20, creditsPerMonth: 1_000, creditResetDay: null },
  developer: { callsPerMinute: 250, creditsPerMonth: 5_000, creditResetDay: null },
} as const satisfies Record<string, Allowance>

export type ParseTier = keyof typeof PARSE_TIERS

/** Settings of the user that replace figures of an upstream's default allowance; what is left out stays. */
export type AllowanceOverrides = { [Name in keyof Allowance]?: Allowance[Name] | undefined }

/** The allowance that holds: an upstream's `defaults` under the user's `overrides`. */
export function resolveAllowance(defaults: Allowance, overrides: AllowanceOverrides = {}): Allowance {
  return {
    callsPerMinute: pick(overrides.callsPerMinute, defaults.callsPerMinute),
    creditsPerMonth: pick(overrides.creditsPerMonth, defaults.creditsPerMonth),
    creditResetDay: pick(overrides.creditResetDay, defaults.creditResetDay),
  }
}

/** `null` is a value of its own here (no limit), so `??` would not do. */
function pick<T>(override: T | undefined, fallback: T): T {
  return override === undefined ? fallback : override
}
