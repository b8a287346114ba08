declare module 'heic-decode' {
  interface Decoded {
    data: Uint8ClampedArray
    width: number
    height: number
  }
  interface Encoded {
    width: number
    height: number
    decode(): Promise<Decoded>
  }
  /** The top-level pictures of a file; `dispose` frees them. */
  export function all(file: { buffer: Uint8Array }): Promise<Encoded[] & { dispose(): void }>
}
