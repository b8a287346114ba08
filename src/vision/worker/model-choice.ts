import type { OnnxModel } from '../onnx/spec.ts'

/**
 * `previous` is the built-in model of earlier releases. `colour` has no network: it returns only the colours, for an
 * embedding service.
 */
export type ModelChoice =
  | { readonly kind: 'builtin' | 'previous'; readonly modelDir: string; readonly distDir: string }
  | { readonly kind: 'onnx'; readonly model: OnnxModel }
  | { readonly kind: 'colour' }

export function isModelChoice(value: unknown): value is ModelChoice {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false
  return typeof value.kind === 'string' && ['builtin', 'previous', 'onnx', 'colour'].includes(value.kind)
}
