import { invalidInput } from '../errors.ts'
import { LANGUAGES, type Language } from '../shape/report/language.ts'

/** The language of a file that a person gets. @throws AppError `invalid_input`. */
export function languageOf(flag: string | undefined): Language {
  const found = LANGUAGES.find(language => language === (flag ?? 'en'))
  if (found !== undefined) return found
  throw invalidInput(`--language must be ${LANGUAGES.join(' or ')}, not "${flag}".`, 'For example: --language zh.')
}
