/** A key's limits; `null` where no limit is known. */
export interface Allowance {
  /** Calls in any 60 s. */
  callsPerMinute: number | null
  /** Credits in a billing month. */
  creditsPerMonth: number | null
  /** Day of the month, 1 to 28 (UTC); `null`: unknown, a credit comes back 30 days after its call. */
  creditResetDay: number | null
}

export interface Plan {
  /** As the user knows it, for example `free tier`. */
  name: string
  allowance: Allowance
}

/** For vendors that publish no limits. */
export const UNKNOWN_ALLOWANCE: Allowance = { callsPerMinute: null, creditsPerMonth: null, creditResetDay: null }

/**
 * From the pricing table on the API's page: requests a minute, and credits a month at one credit a call. Newer clients
 * report other figures, so each can be overridden.
 */
export const PARSE_TIERS = {
  free: { callsPerMinute: 5, creditsPerMonth: 100, creditResetDay: null },
  hobby: { callsPerMinute: 20, creditsPerMonth: 1_000, creditResetDay: null },
  developer: { callsPerMinute: 250, creditsPerMonth: 5_000, creditResetDay: null },
} as const satisfies Record<string, Allowance>

export type ParseTier = keyof typeof PARSE_TIERS

/** User settings; whatever is left out keeps the upstream's default. */
export type AllowanceOverrides = { [Name in keyof Allowance]?: Allowance[Name] | undefined }

export function resolveAllowance(defaults: Allowance, overrides: AllowanceOverrides = {}): Allowance {
  return {
    callsPerMinute: pick(overrides.callsPerMinute, defaults.callsPerMinute),
    creditsPerMonth: pick(overrides.creditsPerMonth, defaults.creditsPerMonth),
    creditResetDay: pick(overrides.creditResetDay, defaults.creditResetDay),
  }
}

/** `??` would not do: `null` is a valid override (no limit). */
function pick<T>(override: T | undefined, fallback: T): T {
  return override === undefined ? fallback : override
}
