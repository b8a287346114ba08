import { OPERATOR, parseOwner } from '../../../catalogue/owners.ts'

/** Whose imported offers a command is about, by `--for`. @throws AppError `invalid_input`. */
export function ownerOf(flags: Readonly<Record<string, string | undefined>>): string {
  return flags.for === undefined ? OPERATOR : parseOwner(flags.for)
}
