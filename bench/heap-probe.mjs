// Preloaded into a measured server (--expose-gc): at every SIGUSR2 it collects garbage and prints the heap in use.
process.on('SIGUSR2', () => {
  globalThis.gc?.()
  process.stderr.write(`heap in use: ${process.memoryUsage().heapUsed}\n`)
})
