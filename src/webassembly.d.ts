/** The part of the WebAssembly API that the kernels use; neither the ES library nor Node's types declare it. */
declare namespace WebAssembly {
  /** In pages of 64 KiB. Growing detaches `buffer`: read it again. */
  class Memory {
    constructor(descriptor: { initial: number; maximum?: number })
    readonly buffer: ArrayBuffer
    grow(pages: number): number
  }

  type Exports = Readonly<Record<string, (...args: number[]) => number>>

  /** Whether the engine knows every instruction of the module. */
  function validate(bytes: Uint8Array): boolean

  function instantiate(
    bytes: Uint8Array,
    imports: { env: { memory: Memory } },
  ): Promise<{ instance: { exports: Exports } }>
}
