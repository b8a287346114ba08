/** Reads the model files of the package: a manifest, and half-precision numbers that it describes. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { AppError } from '../../errors.ts'

/** Numbers with the lengths of their axes, outermost first. */
export interface Tensor {
  readonly shape: readonly number[]
  readonly values: Float32Array
}

/** A file of half-precision numbers, little-endian, one tensor after the other in the order of `tensors`. */
export interface ModelFile {
  readonly file: string
  /** Of the whole file, lower-case hex. */
  readonly sha256: string
  /** The shape of each tensor by its name. */
  readonly tensors: Readonly<Record<string, readonly number[]>>
}

/** `manifest.json` of a model folder. */
export interface ModelManifest {
  readonly backbone: ModelFile
  readonly heads: ModelFile
}

/** Reads a tensor that has to be there. */
export type TensorSource = (name: string) => Tensor

/**
 * Reads both files of the built-in model.
 * @param dir folder with `manifest.json`.
 * @throws AppError `internal` where a file is missing or is not the one that the manifest describes.
 */
export async function readModel(dir: string): Promise<{ backbone: TensorSource; heads: TensorSource }> {
  try {
    const manifest: unknown = JSON.parse(await readFile(path.join(dir, 'manifest.json'), 'utf8'))
    if (!isManifest(manifest)) throw new Error('manifest.json does not describe two model files')
    const [backbone, heads] = await Promise.all([readTensors(dir, manifest.backbone), readTensors(dir, manifest.heads)])
    return { backbone, heads }
  } catch (cause) {
    throw new AppError({
      code: 'internal',
      message: 'The picture model inside the package is missing or damaged.',
      hint: 'Install mcp-1688 again.',
      cause,
    })
  }
}

/** By hand, for zod is not loaded in the worker thread. */
function isManifest(value: unknown): value is ModelManifest {
  return isObject(value) && isModelFile(value.backbone) && isModelFile(value.heads)
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

async function readTensors(dir: string, { file, sha256, tensors }: ModelFile): Promise<TensorSource> {
  const bytes = await readFile(path.join(dir, file))
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) throw new Error(`${file} has another checksum`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const known = new Map<string, Tensor>()
  let offset = 0
  for (const [name, shape] of Object.entries(tensors)) {
    const values = new Float32Array(shape.reduce((product, length) => product * length, 1))
    for (let i = 0; i < values.length; i++, offset += 2) values[i] = halfToNumber(view.getUint16(offset, true))
    known.set(name, { shape, values })
  }
  return name => {
    const tensor = known.get(name)
    if (!tensor) throw new Error(`${file} has no tensor ${name}`)
    return tensor
  }
}

/** A half-precision float (1 sign, 5 exponent, 10 fraction bits) as a number; the files hold no infinity and no NaN. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}
