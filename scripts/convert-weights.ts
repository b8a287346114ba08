/**
 * Builds `assets/model` from its sources:
 *
 *   npx tsx scripts/convert-weights.ts MODEL.gguf HEAD.bin SECOND_DIR
 *
 * MODEL.gguf is `weights/mobilenetv3_3class_v3_fp16.gguf` of the npm package @qvac/classification-ggml (Apache-2.0);
 * everything except the classifier is copied bit by bit. HEAD.bin holds the projection heads of the previous model as
 * 32-bit floats: mean and matrix of the instance head, then of the semantic head. They are rounded to half precision.
 * SECOND_DIR holds the files of the present model in half precision, each with its shapes in a JSON file beside it:
 * `tuned-top` (the last blocks, trained further), `foreground` and `heads-F2`. They are copied bit by bit.
 */
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { ModelFile, ModelManifest } from '../src/vision/builtin/model-file.ts'

const MODEL_SHA256 = 'faaa680c62f989d642032114c8892e9f43e9f2487ff7a350941715c7de9ffb6c'
const OUT_DIR = path.join(import.meta.dirname, '..', 'assets', 'model')
const PREVIOUS_HEADS = {
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

/** Names of the tuned blocks' tensors as in torchvision, with the batch normalisation folded in. */
const TUNED_PARTS: Readonly<Record<string, string>> = { e: '0', d: '1', fc1: '2.fc1', fc2: '2.fc2', p: '3' }

/** `8e_w` -> `features.9.block.0.weight`. */
function tunedName(name: string): string {
  const [, block, part = '', kind] = /^(\d+|last)(\D\w*?)?_([wb])$/.exec(name) ?? []
  const layer = block === 'last' ? 'features.12' : `features.${Number(block) + 1}.block.${TUNED_PARTS[part]}`
  return `${layer}.${kind === 'w' ? 'weight' : 'bias'}`
}

/** Copies `NAME.f16.bin`, whose shapes are in `NAME.json`. */
function copyHalves(dir: string, name: string, file: string, rename = (tensor: string) => tensor): ModelFile {
  const described = JSON.parse(readFileSync(path.join(dir, `${name}.json`), 'utf8'))
  const shapes: Record<string, number[]> = described.tensors ?? described
  const tensors = Object.fromEntries(Object.entries(shapes).map(([tensor, shape]) => [rename(tensor), shape]))
  return writeModelFile(file, readFileSync(path.join(dir, `${name}.f16.bin`)), tensors)
}

function convert(modelFile: string, headFile: string, secondDir: string): void {
  const model = readFileSync(modelFile)
  if (sha256(model) !== MODEL_SHA256) throw new Error(`${modelFile} is not the source of assets/model`)
  const kept = readGguf(model).filter(({ name }) => name.startsWith('features.'))
  const manifest: ModelManifest = {
    backbone: writeModelFile(
      'backbone.f16.bin',
      Buffer.concat(kept.map(({ bytes }) => bytes)),
      Object.fromEntries(kept.map(({ name, shape }) => [name, shape])),
    ),
    top: copyHalves(secondDir, 'tuned-top', 'top.f16.bin', tunedName),
    foreground: copyHalves(secondDir, 'foreground', 'foreground.f16.bin'),
    heads: copyHalves(secondDir, 'heads-F2', 'heads.f16.bin'),
    previousHeads: writeModelFile('previous-heads.f16.bin', toHalf(readFileSync(headFile)), PREVIOUS_HEADS),
  }
  writeFileSync(path.join(OUT_DIR, 'manifest.json'), `${JSON.stringify(manifest)}\n`)
}

const [modelFile, headFile, secondDir] = process.argv.slice(2)
if (modelFile === undefined || headFile === undefined || secondDir === undefined) {
  throw new Error('usage: convert-weights.ts MODEL.gguf HEAD.bin SECOND_DIR')
}
convert(modelFile, headFile, secondDir)
