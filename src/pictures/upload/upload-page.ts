/**
 * The page on which a person sends a photo: a request handler without a listener, for `serve` and for a server of one
 * user. Opening the page uses nothing up, because link scanners and chats open addresses, too.
 */
import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { AppError } from '../../errors.ts'
import { answerPage } from '../../net/page-answer.ts'
import { CALL_BUDGET } from '../../time/call-budget.ts'
import type { PhotoStore } from './photo-store.ts'

/** What comes before the token in the page's address. */
export const UPLOAD_PATH = '/photo/'

/** The status of the answer that ends a page. */
export const TAKEN = 204

/** A browser shrinks the photo, if it can show it. */
const MAX_UPLOAD_BYTES = 25_000_000

export interface UploadPageDeps {
  photos: PhotoStore
  /** A JPEG or PNG of at most 300 kB, with nothing but the picture. @throws AppError `picture_unreadable` */
  redraw(bytes: Uint8Array): Promise<Uint8Array>
  readPage(): Promise<string>
}

export interface UploadRequest {
  request: IncomingMessage
  response: ServerResponse
  /** The path of the request, which begins with {@link UPLOAD_PATH}. */
  path: string
  /** Of the page's address, as browsers send it: no other page may send a photo. */
  origin: string
  /** The name of the key whose photo it will be, for the person to read; `null` without one. */
  nameOf?(owner: string): Promise<string | null>
}

/** Answers one request. Never rejects for what the caller did. */
export type UploadPage = (request: UploadRequest) => Promise<void>

export function createUploadPage({ photos, redraw, readPage }: UploadPageDeps): UploadPage {
  return async ({ request, response, path, origin, nameOf }) => {
    const token = path.slice(UPLOAD_PATH.length)
    const owner = /^[\w-]{22}$/.test(token) ? await photos.ownerOf(token) : null
    if (request.method === 'GET' || request.method === 'HEAD') {
      if (owner === null) return answerPage(response, 404, 'text/plain', GONE)
      const page = withName(await readPage(), (await nameOf?.(owner)) ?? null)
      return answerPage(response, 200, 'text/html', page, { 'content-security-policy': policyFor(page) })
    }
    if (request.method !== 'POST') return answerPage(response, 405, 'text/plain', 'Only GET and POST.')
    if (request.headers.origin !== origin)
      return answerPage(response, 403, 'text/plain', 'Another page sent this photo.')
    if (owner === null) return answerPage(response, 404, 'text/plain', GONE)
    const bytes = await readUpload(request)
    if (bytes === null)
      return answerPage(response, 413, 'text/plain', 'The picture is larger than 25 MB, or came too slowly.')
    try {
      const photo = await redraw(bytes)
      const isTaken = await photos.put(token, photo)
      return answerPage(response, isTaken ? TAKEN : 404, 'text/plain', isTaken ? '' : GONE)
    } catch (thrown) {
      if (!(thrown instanceof AppError) || thrown.code !== 'picture_unreadable') throw thrown
      return answerPage(response, 422, 'text/plain', thrown.message)
    }
  }
}

const GONE = 'This page was used or has expired. Ask for a new address in the chat.'

/** The page's script reads it from there. */
function withName(page: string, name: string | null): string {
  if (name === null) return page
  const text = name.replaceAll(/[&"<>]/g, letter => `&#${letter.charCodeAt(0)};`)
  return page.replace('<html ', () => `<html data-key="${text}" `)
}

/** `null` if there is more than is allowed, or it takes too long. */
async function readUpload(request: IncomingMessage): Promise<Buffer | null> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_UPLOAD_BYTES) return null
  const slow = setTimeout(() => request.destroy(), CALL_BUDGET.upload.wireMs)
  const chunks: Uint8Array[] = []
  let bytes = 0
  const body: AsyncIterable<Uint8Array> = request
  try {
    for await (const chunk of body) {
      bytes += chunk.length
      if (bytes > MAX_UPLOAD_BYTES) return null
      chunks.push(chunk)
    }
    return Buffer.concat(chunks)
  } catch {
    return null
  } finally {
    clearTimeout(slow)
  }
}

/** Only the page's own scripts and styles, no foreign host, and in no frame. */
function policyFor(page: string): string {
  const hashesOf = (tag: string) =>
    [...page.matchAll(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`, 'g'))]
      .map(([, text = '']) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`)
      .join(' ')
  return (
    `default-src 'none'; script-src ${hashesOf('script')}; style-src ${hashesOf('style')}; style-src-attr 'unsafe-inline'; ` +
    "img-src blob: data:; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
  )
}
