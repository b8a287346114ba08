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
  const redact = createRedactor((options.secrets ?? []).filter(secret => secret.length >= 4))
  const now = options.now ?? Date.now

  const emit = (level: Exclude<LogLevel, 'silent'>, message: string, fields?: LogFields): void => {
    if (LEVELS.indexOf(level) < threshold) return
    const time = new Date(now()).toISOString()
    const hasStacks = level === 'error' || options.level === 'debug'
    const line = `${time} ${level.toUpperCase()} ${message}${fields ? ` ${formatFields(fields, hasStacks)}` : ''}`
    options.write(`${redact(line.replaceAll(/[\r\n]+/g, ' '))}\n`)
  }
  return {
    debug: (message, fields) => emit('debug', message, fields),
    info: (message, fields) => emit('info', message, fields),
    warn: (message, fields) => emit('warn', message, fields),
    error: (message, fields) => emit('error', message, fields),
  }
}

/** Replaces secrets in a text, as they are and as they appear in URLs, forms and JSON. */
export function createRedactor(secrets: readonly string[]): (text: string) => string {
  const forms = secrets.flatMap(secret => [
    secret,
    encodeURIComponent(secret),
    new URLSearchParams([['', secret]]).toString().slice(1),
    JSON.stringify(secret).slice(1, -1),
  ])
  const distinct = [...new Set(forms)]
  return text => distinct.reduce((clean, form) => clean.replaceAll(form, '[redacted]'), text)
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
