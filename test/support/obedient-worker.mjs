// A stand-in for the picture worker that is controlled by the first byte of a picture.
import { existsSync, writeFileSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'

parentPort.postMessage({ kind: 'ready' })
parentPort.on('message', ({ bytes, purpose }) => {
  const order = String.fromCharCode(bytes[0])
  const isFirstTime = !existsSync(workerData.modelDir)
  if (order === 'h') return
  if (order === 'd' || (order === 'o' && isFirstTime)) {
    writeFileSync(workerData.modelDir, '')
    process.exit(1)
  }
  parentPort.postMessage({
    kind: 'vectors',
    vectors: [Int8Array.from(bytes), Int8Array.of(purpose === 'query' ? 1 : 0)],
  })
})
