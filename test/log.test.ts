import { describe, expect, it } from 'vitest'
import { createLogger } from '../src/log.ts'

describe('createLogger', () => {
  it('writes one line with time, level and fields, and nothing below its level', () => {
    const lines: string[] = []
    const logger = createLogger({ level: 'info', write: line => lines.push(line), now: () => 0 })
    logger.debug('hidden')
    logger.warn('two\nlines', { ms: 3 })
    expect(lines).toEqual(['1970-01-01T00:00:00.000Z WARN two lines {"ms":3}\n'])
  })

  it('prints an error with its stack and its cause', () => {
    const lines: string[] = []
    const logger = createLogger({ level: 'error', write: line => lines.push(line) })
    logger.error('failed', { cause: new TypeError('no', { cause: new Error('because') }) })
    expect(lines[0]).toContain('"name":"TypeError","message":"no"')
    expect(lines[0]).toContain('because')
    expect(lines[0]).toContain('"stack":"TypeError: no')
  })

  it('prints the stack of an expected failure only at level debug', () => {
    const lines: string[] = []
    for (const level of ['info', 'debug'] as const) {
      createLogger({ level, write: line => lines.push(line) }).warn('failed', { cause: new Error('no') })
    }
    expect(lines[0]).toMatch(/"name":"Error","message":"no"\}/)
    expect(lines[1]).toContain('"stack":"Error: no')
  })

  it('redacts a secret in text, JSON, URLs and errors', () => {
    const secret = 'k€y "with" quotes/1'
    const lines: string[] = []
    const logger = createLogger({ level: 'debug', secrets: [secret], write: line => lines.push(line) })
    logger.info(`plain ${secret}`, {
      json: secret,
      url: `https://x/?key=${encodeURIComponent(secret)}`,
      cause: new Error(secret),
    })
    const all = lines.join('')
    for (const form of [secret, encodeURIComponent(secret), 'k€y']) expect(all).not.toContain(form)
    expect(all).toContain('[redacted]')
  })

  it('does not redact secrets shorter than four characters', () => {
    const lines: string[] = []
    createLogger({ level: 'debug', secrets: ['the'], write: line => lines.push(line) }).info('the line')
    expect(lines[0]).toContain('the line')
  })
})
