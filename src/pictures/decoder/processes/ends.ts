/** What a caller is told when the process that decoded its picture had to end. */
import { AppError } from '../../../errors.ts'
import { tookTooLong, unreadable } from '../../failures.ts'
import type { Reason } from '../quarantine/quarantine.ts'

const SAVE_AGAIN = 'Save it again as JPEG or PNG, at most 1000 pixels on the longer side, and pass the new file.'

const WHY: Readonly<Record<Reason, string>> = {
  memory: 'needed too much memory',
  processor: 'took too long',
  crash: 'crashed the decoder',
  server: 'stopped the server',
}

export function explainEnd(end: string, cause: unknown): AppError {
  if (end === 'took_too_long' || end === 'processor') return tookTooLong(cause)
  if (end === 'memory' || end === 'memory_shared')
    return unreadable('The picture needs too much memory to decode.', SAVE_AGAIN, cause)
  if (end === 'not_started')
    return new AppError({
      code: 'internal',
      message: 'The picture decoder could not start.',
      hint: 'Reinstall mcp-1688; if that does not help, report it with the log.',
      cause,
    })
  return unreadable('The picture crashed the decoder.', SAVE_AGAIN, cause)
}

export function explainQuarantine(reason: Reason): AppError {
  return unreadable(`The picture is not decoded again, because it ${WHY[reason]} before.`, SAVE_AGAIN)
}
