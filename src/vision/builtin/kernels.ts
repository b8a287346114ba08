/** Loads the WebAssembly kernels of assembly/nn.ts and manages their memory. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'

const PAGE_BYTES = 65_536
const KERNEL_NAMES = [
  'normalise',
  'stem',
  'pointwise',
  'convolution',
  'depthwise',
  'channelMeans',
  'gate',
  'add',
  'weigh',
  'addRegion',
  'resample',
  'average',
] as const

/** Parameters are documented in assembly/nn.ts; addresses are in bytes. */
export interface Kernels extends Record<(typeof KERNEL_NAMES)[number], (...args: number[]) => number> {
  /** Reserves `count` floats permanently. @returns an address that is a multiple of 64. */
  reserve(count: number): number
  put(values: Float32Array): number
  /** Invalid as soon as more memory is reserved. */
  view(address: number, count: number): Float32Array
  /** Likewise. */
  bytes(address: number, count: number): Uint8Array
  /** Likewise. */
  integers(address: number, count: number): Int32Array
}

/**
 * Reads the faster module if the engine knows its fused multiply-add, which rounds once instead of twice: vectors differ
 * by some 1e-5, so machines with either may share a catalogue.
 * @param distDir the package's `dist`.
 */
export async function readKernels(distDir: string): Promise<Uint8Array> {
  const relaxed = await readFile(path.join(distDir, 'nn-relaxed.wasm'))
  return WebAssembly.validate(relaxed) ? relaxed : readFile(path.join(distDir, 'nn.wasm'))
}

/** @param wasm the compiled `assembly/nn.ts`. */
export async function loadKernels(wasm: Uint8Array): Promise<Kernels> {
  const memory = new WebAssembly.Memory({ initial: 1 })
  const { exports } = (await WebAssembly.instantiate(wasm, { env: { memory } })).instance
  const kernel = (name: (typeof KERNEL_NAMES)[number]) => {
    const found = exports[name]
    if (!found) throw new Error(`nn.wasm has no ${name}`)
    return found
  }
  // The first page belongs to the module.
  let end = PAGE_BYTES
  const reserve = (count: number): number => {
    const address = end
    end += Math.ceil(count / 16) * 64
    const missing = end - memory.buffer.byteLength
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES))
    return address
  }
  const view = (address: number, count: number) => new Float32Array(memory.buffer, address, count)
  const put = (values: Float32Array): number => {
    const address = reserve(values.length)
    view(address, values.length).set(values)
    return address
  }
  return {
    normalise: kernel('normalise'),
    stem: kernel('stem'),
    pointwise: kernel('pointwise'),
    convolution: kernel('convolution'),
    depthwise: kernel('depthwise'),
    channelMeans: kernel('channelMeans'),
    gate: kernel('gate'),
    add: kernel('add'),
    weigh: kernel('weigh'),
    addRegion: kernel('addRegion'),
    resample: kernel('resample'),
    average: kernel('average'),
    reserve,
    put,
    view,
    bytes: (address, count) => new Uint8Array(memory.buffer, address, count),
    integers: (address, count) => new Int32Array(memory.buffer, address, count),
  }
}
