import { AppError } from '../errors.ts'

/** Of a command line that is not valid. */
export function usageError(message: string, hint: string): AppError {
  return new AppError({ code: 'invalid_input', message, hint })
}
