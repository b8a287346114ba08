// Says the heap that is really in use: preloaded into a measured server (--expose-gc), which collects and writes a line at every SIGUSR2.
process.on('SIGUSR2', () => {
  globalThis.gc?.()
  process.stderr.write(`heap in use: ${process.memoryUsage().heapUsed}\n`)
})
