/** Messages between the main thread and the picture worker. */
import { AppError, asAppError, type ErrorCode } from '../../errors.ts'
import type { EmbedPurpose } from '../embedder.ts'
import type { OnnxModel } from '../onnx/spec.ts'

/** `colour` has no network: it returns only the colours, for an embedding service. */
export type ModelChoice =
  | { readonly kind: 'builtin'; readonly modelDir: string; readonly wasmFile: string }
  | { readonly kind: 'onnx'; readonly model: OnnxModel }
  | { readonly kind: 'colour' }

export function isModelChoice(value: unknown): value is ModelChoice {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false
  return value.kind === 'builtin' || value.kind === 'onnx' || value.kind === 'colour'
}

/** The bytes are transferred. */
export interface WorkerRequest {
  readonly bytes: Uint8Array
  readonly purpose: EmbedPurpose
}

/** `ready` once, as soon as the model is loaded; then one reply per request. */
export type WorkerReply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'vectors'; readonly vectors: Int8Array[] }
  | { readonly kind: 'failure'; readonly failure: Failure }

/** An AppError as plain data, because cloning would lose its fields. */
export interface Failure {
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
