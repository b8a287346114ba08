// A stand-in for the decoder process that is controlled by the byte after a picture's signature.
import { existsSync, writeFileSync } from 'node:fs'

const answer = vectors => process.send({ kind: 'embedding', embedding: { vectors, regions: [] } })

process.on('disconnect', () => process.exit())
process.on('message', ({ task, bytes }) => {
  const order = String.fromCharCode(bytes[3])
  const { diedOnce } = task.model
  if (order === 'l') return
  process.send({ kind: 'started' })
  if (order === 'h') return
  if (order === 's') while (true);
  if (order === 'c') process.kill(process.pid, 'SIGSEGV')
  if (order === 'm') {
    // Read again later, so that the pages are kept.
    const blocks = Array.from({ length: bytes[4] }, () => Buffer.alloc(10_000_000, 1))
    return setTimeout(() => answer([Int8Array.of(blocks.length)]), 300)
  }
  // As a library that finds too little memory, or that ends at it.
  if (order === 'n' && process.memoryUsage.rss() > 140e6) {
    if (bytes[4] === 99) process.kill(process.pid, 'SIGABRT')
    return process.send({
      kind: 'failure',
      failure: { code: 'picture_unreadable', message: 'x', hint: 'y', retryable: false, cause: '' },
    })
  }
  if (order === 'j') return answer('junk')
  if (order === 'd' || (order === 'o' && !existsSync(diedOnce))) {
    writeFileSync(diedOnce, '')
    process.exit(1)
  }
  answer([Int8Array.from(bytes.subarray(3)), Int8Array.of(task.purpose === 'query' ? 1 : 0)])
})
