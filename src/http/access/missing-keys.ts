/** Why a server without keys does not start. */
import { AppError } from '../../errors.ts'

/** An emptied store must not let strangers in. */
export function keysAreLost({ dataDir, store }: { dataDir: string; store?: string | undefined }): AppError {
  const where = store === undefined ? dataDir : 'the database'
  const reset =
    store === undefined
      ? 'delete keys.pepper, the copies of both and the folder accounts there'
      : 'delete the row of the table mcp1688_pepper'
  return new AppError({
    code: 'config_invalid',
    message: `API keys were created in ${where} before, and none is left: refusing to serve without them.`,
    hint: `${store === undefined ? 'Run mcp-1688 keys restore, which puts the newest copy of keys.db back' : 'Restore the table from a backup'}, or create a key with mcp-1688 keys add. To start over without keys, ${reset}.`,
  })
}

export function needsKeys({ host, trustProxy }: { host: string; trustProxy: 'on' | 'off' }): AppError {
  return new AppError({
    code: 'config_invalid',
    message: `Refusing to ${trustProxy === 'on' ? 'serve behind a proxy' : `listen on ${host}`} without API keys.`,
    hint: 'Create a key with mcp-1688 keys add --name NAME --tier free, or listen on 127.0.0.1 without a proxy.',
  })
}
