import { asAppError, invalidInput } from '../../errors.ts'
import type { ListedTool } from '../../tools/define.ts'
import { narrowTools } from '../../tools/selection.ts'
import { type HttpError, toHttpError } from '../access/http-error.ts'
import type { McpRouteOptions } from './route.ts'

/** `?tools=` narrows what the operator offers. @throws HttpError if it names anything else. */
export function toolsChooser(offered: readonly ListedTool[]): McpRouteOptions['toolsAt'] {
  return url => {
    const wanted = url.includes('?') ? new URL(url, 'http://localhost').searchParams.get('tools') : null
    if (wanted === null) return offered
    try {
      return narrowTools(offered, wanted.split(','))
    } catch (thrown) {
      throw noSuchTools(asAppError(thrown).hint)
    }
  }
}

function noSuchTools(hint: string): HttpError {
  const message = 'The parameter "tools" of the URL selects no tool of this server, or names one that does not exist.'
  return toHttpError(invalidInput(message, hint))
}
