/** Secrets from files, as containers mount them: `MCP1688_TMAPI_TOKEN_FILE` names the file of `MCP1688_TMAPI_TOKEN`. */
import { closeSync, openSync, readSync } from 'node:fs'
import { listOptions } from '../config.ts'
import { AppError } from '../errors.ts'
import { withoutPasted } from '../option-values.ts'

/** A secret is a line; anything larger is the wrong file. */
const MAX_BYTES = 64 * 1024

type Env = Readonly<Record<string, string | undefined>>

/**
 * The environment with the contents of the files that it names for secret options.
 * @throws AppError `config_invalid` if a file cannot be read, is empty, or if its option is set as well.
 */
export function withSecretFiles(env: Env): Env {
  const filled: Record<string, string | undefined> = { ...env }
  for (const { env: name, secret } of listOptions()) {
    const variable = `${name}_FILE`
    if (!secret || env[variable] === undefined) continue
    const file = withoutPasted(env[variable], false)
    delete filled[variable]
    if (file === '') continue
    if ((env[name] ?? '') !== '') throw invalid(`Both ${name} and ${variable} are set.`, 'Set one of them.')
    filled[name] = readSecret(variable, file)
  }
  return filled
}

function readSecret(variable: string, file: string): string {
  let bytes: Buffer
  try {
    bytes = readStart(file)
  } catch (cause) {
    throw invalid(
      `The file that ${variable} names cannot be read.`,
      'Check its path and that this user may read it.',
      cause,
    )
  }
  const text = bytes.length > MAX_BYTES ? '' : bytes.toString('utf8').trim()
  if (text !== '') return text
  throw invalid(`The file that ${variable} names holds no secret.`, 'Write the secret into it, as its only line.')
}

/** No further than it takes to know that a file is too large: it may be a device without an end. */
function readStart(file: string): Buffer {
  const start = Buffer.alloc(MAX_BYTES + 1)
  const opened = openSync(file, 'r')
  try {
    let length = 0
    let added = 0
    do {
      added = readSync(opened, start, length, start.length - length, null)
      length += added
    } while (added > 0 && length < start.length)
    return start.subarray(0, length)
  } finally {
    closeSync(opened)
  }
}

function invalid(message: string, hint: string, cause?: unknown): AppError {
  return new AppError({ code: 'config_invalid', message, hint, cause })
}
