/** The part of the WebAssembly API that the kernels use: neither the ES library nor Node's types declare it. */
declare namespace WebAssembly {
  /** Linear memory in pages of 64 KiB. Growing detaches `buffer`: read it again. */
  class Memory {
    constructor(descriptor: { initial: number; maximum?: number })
    readonly buffer: ArrayBuffer
    grow(pages: number): number
  }

  /** What a kernel module exports: functions over numbers only. */
  type Exports = Readonly<Record<string, (...args: number[]) => number>>

  /** Compiles and instantiates a module. */
  function instantiate(
    bytes: Uint8Array,
    imports: { env: { memory: Memory } },
  ): Promise<{ instance: { exports: Exports } }>
}
