import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { AppError } from '../../errors.ts'

export interface Tensor {
  /** Lengths of the axes, outermost first. */
  readonly shape: readonly number[]
  readonly values: Float32Array
}

/** A file of little-endian half-precision numbers: the tensors, in the order of `tensors`. */
export interface ModelFile {
  readonly file: string
  readonly sha256: string
  /** Shapes by name. */
  readonly tensors: Readonly<Record<string, readonly number[]>>
}

/** The files of a model folder, as `manifest.json` describes them. */
export const MODEL_PARTS = ['backbone', 'top', 'foreground', 'heads', 'previousHeads'] as const
export type ModelPart = (typeof MODEL_PARTS)[number]
export type ModelManifest = Readonly<Record<ModelPart, ModelFile>>

/** Throws for an unknown name. */
export type TensorSource = (name: string) => Tensor

/**
 * Reads some parts of a model.
 * @param dir folder with `manifest.json`.
 * @throws AppError `internal` if a file is missing or does not match the manifest.
 */
export async function readModel<Part extends ModelPart>(
  dir: string,
  parts: readonly Part[],
): Promise<Record<Part, TensorSource>>
export async function readModel(dir: string, parts: readonly ModelPart[]): Promise<Record<string, TensorSource>> {
  try {
    const manifest: unknown = JSON.parse(await readFile(path.join(dir, 'manifest.json'), 'utf8'))
    if (!isManifest(manifest)) throw new Error('manifest.json does not describe the model files')
    const numbers = allHalves()
    const read = async (part: ModelPart) => [part, await readTensors(dir, manifest[part], numbers)] as const
    const files = await Promise.all(parts.map(read))
    return Object.fromEntries(files)
  } catch (cause) {
    throw new AppError({
      code: 'internal',
      message: 'The picture model in the package is missing or damaged.',
      hint: 'Reinstall mcp-1688.',
      cause,
    })
  }
}

/** By hand, because zod is not loaded in the worker thread. */
function isManifest(value: unknown): value is ModelManifest {
  return isObject(value) && MODEL_PARTS.every(part => isModelFile(value[part]))
}

function isModelFile(value: unknown): value is ModelFile {
  if (!isObject(value) || typeof value.file !== 'string' || typeof value.sha256 !== 'string') return false
  return isObject(value.tensors) && Object.values(value.tensors).every(isShape)
}

function isShape(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every(length => typeof length === 'number')
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

async function readTensors(
  dir: string,
  { file, sha256, tensors }: ModelFile,
  numbers: Float32Array,
): Promise<TensorSource> {
  const bytes = await readFile(path.join(dir, file))
  if (createHash('sha256').update(bytes).digest('hex') !== sha256)
    throw new Error(`the checksum of ${file} does not match`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const known = new Map<string, Tensor>()
  let offset = 0
  for (const [name, shape] of Object.entries(tensors)) {
    const values = new Float32Array(shape.reduce((product, length) => product * length, 1))
    for (let i = 0; i < values.length; i++, offset += 2) values[i] = numbers[view.getUint16(offset, true)] ?? 0
    known.set(name, { shape, values })
  }
  return name => {
    const tensor = known.get(name)
    if (!tensor) throw new Error(`${file} has no tensor ${name}`)
    return tensor
  }
}

/** By their bits. To calculate each of the millions of weights would take several times as long. */
function allHalves(): Float32Array {
  return Float32Array.from({ length: 65_536 }, (_, bits) => halfToNumber(bits))
}

/** @param bits 1 sign, 5 exponent and 10 fraction bits; the files contain neither infinity nor NaN. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}
