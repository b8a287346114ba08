/** Messages between the server and a decoder process. */
import { AppError, asAppError, ERROR_CODES, type ErrorCode } from '../../errors.ts'
import type { Usage } from './processes/usage.ts'
import type { Region } from './region.ts'

export type ThumbnailType = 'image/webp' | 'image/jpeg' | 'image/png'

/** What to make of a picture. The pool passes `model` and `purpose` on as they are: it knows no model. */
export type Task =
  | { readonly kind: 'embed'; readonly model: object; readonly purpose: 'index' | 'query' }
  | { readonly kind: 'thumbnail'; readonly side: number }
  | { readonly kind: 'convert'; readonly mediaType: ThumbnailType }
  /** All of it, or a part. */
  | { readonly kind: 'small'; readonly region?: Region }

export interface DecoderRequest {
  readonly task: Task
  readonly bytes: Uint8Array
}

/** What a model makes of a picture. */
export interface PictureEmbedding {
  readonly vectors: Int8Array[]
  /** Where the separate things in it are; none if there is but one, or the model cannot see that. */
  readonly regions: readonly Region[]
}

export interface DrawnPicture {
  readonly bytes: Uint8Array
  readonly width: number
  readonly height: number
}

/**
 * `started` once the model is loaded and the picture is next, then an answer or a failure. Where the server cannot read
 * it from `/proc`, the process reports its `usage` in between.
 */
export type DecoderReply =
  | { readonly kind: 'started' }
  | { readonly kind: 'usage'; readonly usage: Usage }
  | { readonly kind: 'embedding'; readonly embedding: PictureEmbedding }
  | { readonly kind: 'picture'; readonly picture: DrawnPicture }
  | { readonly kind: 'failure'; readonly failure: Failure }

/** An AppError as plain data, because cloning would lose its fields. */
interface Failure {
  readonly code: ErrorCode
  readonly message: string
  readonly hint: string
  readonly retryable: boolean
  readonly cause: string
}

export function toFailure(thrown: unknown): Failure {
  const { code, message, hint, retryable, cause } = asAppError(thrown)
  return { code, message, hint, retryable, cause: cause instanceof Error ? (cause.stack ?? cause.message) : '' }
}

export function fromFailure(failure: Failure): AppError {
  return new AppError({ ...failure, cause: new Error(failure.cause) })
}

type Fields = Readonly<Record<string, unknown>>

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null
}

export function isDecoderRequest(value: unknown): value is DecoderRequest {
  return isFields(value) && value.bytes instanceof Uint8Array && isFields(value.task)
}

/** Checked in full: a hostile picture may have taken the process over. */
export function isDecoderReply(value: unknown): value is DecoderReply {
  if (!isFields(value)) return false
  switch (value.kind) {
    case 'started':
      return true
    case 'usage':
      return isUsage(value.usage)
    case 'embedding':
      return isEmbedding(value.embedding)
    case 'picture':
      return isDrawnPicture(value.picture)
    case 'failure':
      return isFailure(value.failure)
    default:
      return false
  }
}

function isEmbedding(value: unknown): boolean {
  if (!isFields(value) || !Array.isArray(value.vectors) || !Array.isArray(value.regions)) return false
  return value.vectors.every(vector => vector instanceof Int8Array) && value.regions.every(isRegion)
}

function isRegion(value: unknown): boolean {
  return isFields(value) && [value.x, value.y, value.width, value.height].every(Number.isFinite)
}

function isUsage(value: unknown): boolean {
  return isFields(value) && Number.isFinite(value.memoryBytes) && Number.isFinite(value.processorMs)
}

function isDrawnPicture(value: unknown): boolean {
  if (!isFields(value)) return false
  return value.bytes instanceof Uint8Array && Number.isInteger(value.width) && Number.isInteger(value.height)
}

function isFailure(value: unknown): boolean {
  if (!isFields(value)) return false
  const { code, message, hint, retryable, cause } = value
  const areTexts = [code, message, hint, cause].every(text => typeof text === 'string')
  return areTexts && String(code) in ERROR_CODES && typeof retryable === 'boolean'
}
