/**
 * Builds `assets/model` from its sources:
 *
 *   npx tsx scripts/convert-weights.ts MODEL.gguf HEAD.bin
 *
 * MODEL.gguf is `weights/mobilenetv3_3class_v3_fp16.gguf` of the npm package @qvac/classification-ggml (Apache-2.0);
 * everything except the classifier is copied bit by bit. HEAD.bin holds this project's own projection heads as 32-bit
 * floats: mean and matrix of the instance head, then of the semantic head. They are rounded to half precision.
 */
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { ModelFile, ModelManifest } from '../src/vision/builtin/model-file.ts'

const MODEL_SHA256 = 'faaa680c62f989d642032114c8892e9f43e9f2487ff7a350941715c7de9ffb6c'
const OUT_DIR = path.join(import.meta.dirname, '..', 'assets', 'model')
const HEADS = {
  'instance.mean': [1066],
  'instance.matrix': [1066, 256],
  'semantic.mean': [576],
  'semantic.matrix': [576, 256],
}

/** GGUF type numbers, https://github.com/ggml-org/ggml/blob/master/docs/gguf.md */
const STRING = 8
const ARRAY = 9
const SCALAR_BYTES: Readonly<Record<number, number>> = {
  0: 1,
  1: 1,
  2: 2,
  3: 2,
  4: 4,
  5: 4,
  6: 4,
  7: 1,
  10: 8,
  11: 8,
  12: 8,
}
const FLOAT16 = 1

interface GgufTensor {
  name: string
  /** Outermost axis first. */
  shape: number[]
  bytes: Buffer
}

/** Reads the half-precision tensors of a GGUF file (version 2 or 3) and skips its metadata. */
function readGguf(file: Buffer): GgufTensor[] {
  let at = 8
  /** Skips `bytes`. @returns where they start. */
  const take = (bytes: number): number => {
    at += bytes
    return at - bytes
  }
  const uint32 = () => file.readUInt32LE(take(4))
  const uint64 = () => Number(file.readBigUInt64LE(take(8)))
  const text = () => {
    const length = uint64()
    const start = take(length)
    return file.toString('utf8', start, at)
  }
  const skipValue = (type: number): void => {
    if (type === STRING) text()
    else if (type === ARRAY) {
      const itemType = uint32()
      for (let left = uint64(); left > 0; left--) skipValue(itemType)
    } else at += SCALAR_BYTES[type] ?? Number.NaN
  }
  const tensorCount = uint64()
  for (let left = uint64(); left > 0; left--) {
    text()
    skipValue(uint32())
  }
  const tensors = Array.from({ length: tensorCount }, () => ({
    name: text(),
    shape: Array.from({ length: uint32() }, uint64).reverse(),
    type: uint32(),
    offset: uint64(),
  }))
  const data = Math.ceil(at / 32) * 32
  return tensors
    .filter(({ type }) => type === FLOAT16)
    .map(({ name, shape, offset }) => {
      const start = data + offset
      return { name, shape, bytes: file.subarray(start, start + 2 * shape.reduce((a, b) => a * b, 1)) }
    })
}

/** Rounds 32-bit floats to the nearest half-precision floats. */
function toHalf(floats: Buffer): Buffer {
  const halves = Buffer.alloc(floats.length / 2)
  for (let i = 0; i < halves.length; i += 2) {
    const value = floats.readFloatLE(i * 2)
    const size = Math.abs(value)
    if (size >= 65_520) throw new Error(`${value} does not fit half precision`)
    const exponent = Math.max(-14, Math.floor(Math.log2(size || 1e-30)))
    // A fraction that rounds up to 2 carries into the exponent, because their bits are adjacent.
    const bits = Math.round((size / 2 ** exponent) * 1024) + (exponent + 14) * 1024
    halves.writeUInt16LE(bits + (value < 0 ? 0x8000 : 0), i)
  }
  return halves
}

function writeModelFile(file: string, bytes: Buffer, tensors: ModelFile['tensors']): ModelFile {
  writeFileSync(path.join(OUT_DIR, file), bytes)
  return { file, sha256: sha256(bytes), tensors }
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function convert(modelFile: string, headFile: string): void {
  const model = readFileSync(modelFile)
  if (sha256(model) !== MODEL_SHA256) throw new Error(`${modelFile} is not the source of assets/model`)
  const kept = readGguf(model).filter(({ name }) => name.startsWith('features.'))
  const manifest: ModelManifest = {
    backbone: writeModelFile(
      'backbone.f16.bin',
      Buffer.concat(kept.map(({ bytes }) => bytes)),
      Object.fromEntries(kept.map(({ name, shape }) => [name, shape])),
    ),
    heads: writeModelFile('heads.f16.bin', toHalf(readFileSync(headFile)), HEADS),
  }
  writeFileSync(path.join(OUT_DIR, 'manifest.json'), `${JSON.stringify(manifest)}\n`)
}

const [modelFile, headFile] = process.argv.slice(2)
if (modelFile === undefined || headFile === undefined) throw new Error('usage: convert-weights.ts MODEL.gguf HEAD.bin')
convert(modelFile, headFile)
