/** Answers requests for exports. Opening one uses nothing up, because link scanners and chats open addresses, too. */
import type { ServerResponse } from 'node:http'
import type { ExportStore } from './export-store.ts'

/** What comes before the token in the file's address. */
export const EXPORT_PATH = '/export/'

const ADDRESS = /^\/export\/([\w-]{22})\/[\w.-]{1,100}$/

/** @param path of the request, which begins with {@link EXPORT_PATH}. */
export type ExportPage = (response: ServerResponse, path: string) => Promise<void>

export function createExportPage(exports: Pick<ExportStore, 'find'>): ExportPage {
  return async (response, path) => {
    const { method } = response.req
    if (method !== 'GET' && method !== 'HEAD') return answer(response, 405, 'text/plain', Buffer.from('Only GET.'))
    const [, token] = ADDRESS.exec(path) ?? []
    const file = token === undefined ? null : await exports.find(token)
    if (file === null) return answer(response, 404, 'text/plain', Buffer.from(GONE))
    answer(response, 200, file.mediaType, file.bytes, { 'content-disposition': `attachment; filename="${file.name}"` })
  }
}

const GONE = 'This file has expired. Ask for it again in the chat.'

/** What a seller wrote may be in the file, so no browser runs or guesses anything of it. */
function answer(
  response: ServerResponse,
  status: number,
  type: string,
  body: Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.destroyed || response.headersSent) return
  response.writeHead(status, {
    'content-type': type.startsWith('text/') ? `${type}; charset=utf-8` : type,
    'content-length': body.length,
    'content-security-policy': 'sandbox',
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    ...(response.req.complete ? {} : { connection: 'close' }),
    ...headers,
  })
  response.end(response.req.method === 'HEAD' ? undefined : body)
}
