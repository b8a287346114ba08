const LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const

export type LogLevel = (typeof LEVELS)[number]

/** Printed as JSON after the message. */
export type LogFields = Record<string, unknown>

/** Expected failures are logged at info or warn, without stacks unless the level is debug; error is for bugs only. */
export interface Logger {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
}

export interface LoggerOptions {
  level: LogLevel
  /** Replaced by `[redacted]`. Secrets shorter than four characters are ignored: they would match everywhere. */
  secrets?: readonly string[]
  /** In the program this is stderr: stdout belongs to the protocol. */
  write: (line: string) => void
  now?: () => number
}

export function createLogger(options: LoggerOptions): Logger {
  const threshold = LEVELS.indexOf(options.level)
  const forms = formsOf((options.secrets ?? []).filter(secret => secret.length >= 4))
  const now = options.now ?? Date.now

  const emit = (level: Exclude<LogLevel, 'silent'>, message: string, fields?: LogFields): void => {
    if (LEVELS.indexOf(level) < threshold) return
    const time = new Date(now()).toISOString()
    const hasStacks = level === 'error' || options.level === 'debug'
    const line = `${time} ${level.toUpperCase()} ${message}${fields ? ` ${formatFields(fields, hasStacks)}` : ''}`
    options.write(`${withoutForms(line.replaceAll(/[\r\n]+/g, ' '), forms)}\n`)
  }
  return {
    debug: (message, fields) => emit('debug', message, fields),
    info: (message, fields) => emit('info', message, fields),
    warn: (message, fields) => emit('warn', message, fields),
    error: (message, fields) => emit('error', message, fields),
  }
}

/** The secrets as they are and as they appear in URLs and in JSON. */
function formsOf(secrets: readonly string[]): string[] {
  const forms = secrets.flatMap(secret => [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)])
  return [...new Set(forms)]
}

function withoutForms(text: string, forms: readonly string[]): string {
  let clean = text
  for (const form of forms) clean = clean.replaceAll(form, '[redacted]')
  return clean
}

/** JSON.stringify is several times as fast without a replacer, and few lines contain an error. */
function formatFields(fields: LogFields, hasStacks: boolean): string {
  const isPlain = Object.values(fields).every(value => typeof value !== 'object' || value === null)
  return isPlain ? JSON.stringify(fields) : JSON.stringify(fields, (_key, value) => printable(value, hasStacks))
}

/** JSON.stringify prints an Error as `{}`. */
function printable(value: unknown, hasStacks: boolean): unknown {
  if (!(value instanceof Error)) return value
  const { name, message, stack, cause } = value
  return { name, message, ...(hasStacks ? { stack } : {}), cause }
}
