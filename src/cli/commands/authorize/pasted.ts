/** Reads the authorisation code out of what the browser was redirected to, or out of what a person copied from it. */
import { AppError, invalidInput } from '../../../errors.ts'
import { withoutPasted } from '../../../option-values.ts'

const AGAIN = 'Run the command again, agree in the browser, and paste the address that it shows afterwards.'

/** The characters of codes and tokens; 1688's codes are UUIDs. */
const CODE = /^[\w.~+/=-]{6,256}$/

/**
 * @param text a code, or the whole address that the browser was redirected to.
 * @throws AppError `invalid_input`, `not_granted`. The text is not repeated.
 */
export function codeFromText(text: string, state: string): string {
  // No blank is part of an address or a code, so those inside come from a line break of whatever showed it.
  const pasted = withoutPasted(withoutPasted(text, true).replaceAll(/^[<([]+|[>)\]]+$/g, ''), true)
    .replaceAll(/\s+/g, '')
    .replaceAll('&amp;', '&')
  if (pasted === '') throw invalidInput('No code was entered.', AGAIN)
  if (!/:\/\/|[?&]|^(code|state|error)=/.test(pasted)) return checkedCode(pasted)
  const [query = ''] = pasted.slice(pasted.indexOf('?') + 1).split('#')
  return codeFromQuery(new URLSearchParams(query), state)
}

/**
 * @param query of the redirected address.
 * @throws AppError `invalid_input`, `not_granted`.
 */
export function codeFromQuery(query: URLSearchParams, state: string): string {
  const code = query.get('code') ?? ''
  if (code === '' && !query.has('error')) throw invalidInput('The address contains no code.', AGAIN)
  if (query.get('state') !== state) {
    throw invalidInput('The address belongs to another authorisation: its state is not the one that was sent.', AGAIN)
  }
  if (code !== '') return checkedCode(code)
  throw new AppError({
    code: 'not_granted',
    message: 'Access was not granted on the page of 1688.',
    hint: 'Run the command again and agree with the account that the application is to read 1688 with.',
  })
}

function checkedCode(code: string): string {
  if (CODE.test(code)) return code
  throw invalidInput('This is not an authorisation code.', AGAIN)
}
