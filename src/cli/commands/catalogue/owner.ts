import { OPERATOR, parseCatalogueName, parseOwner } from '../../../catalogue/owners.ts'

/** Whose imported offers a command is about, by `--for`. @throws AppError `invalid_input`. */
export function ownerOf(flags: Readonly<Record<string, string | undefined>>): string {
  return flags.for === undefined ? OPERATOR : parseOwner(flags.for)
}

/** The catalogue that `--catalogue` names; `null` for the one without a name. @throws AppError `invalid_input`. */
export function catalogueOf(flags: Readonly<Record<string, string | undefined>>): string | null {
  return flags.catalogue === undefined ? null : parseCatalogueName(flags.catalogue)
}
