/** Answers requests for exports. Opening one uses nothing up, because link scanners and chats open addresses, too. */
import type { ServerResponse } from 'node:http'
import { answerPage } from '../net/page-answer.ts'
import type { ExportStore } from './export-store.ts'

/** What comes before the token in the file's address. */
export const EXPORT_PATH = '/export/'

const ADDRESS = /^\/export\/([\w-]{22})\/[\w.-]{1,100}$/

/** @param path of the request, which begins with {@link EXPORT_PATH}. */
export type ExportPage = (response: ServerResponse, path: string) => Promise<void>

export function createExportPage(exports: Pick<ExportStore, 'find'>): ExportPage {
  return async (response, path) => {
    const { method } = response.req
    if (method !== 'GET' && method !== 'HEAD') return answerPage(response, 405, 'text/plain', 'Only GET.')
    const [, token] = ADDRESS.exec(path) ?? []
    const file = token === undefined ? null : await exports.find(token)
    if (file === null) return answerPage(response, 404, 'text/plain', GONE)
    answerPage(response, 200, file.mediaType, file.bytes, {
      'content-disposition': `attachment; filename="${file.name}"`,
      // A page to print has its style in it.
      'content-security-policy': 'sandbox',
    })
  }
}

const GONE = 'This file has expired. Ask for it again in the chat.'
