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
