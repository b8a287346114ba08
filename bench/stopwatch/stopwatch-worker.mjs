// Times requests from a thread of its own, so that neither a server under test nor the test itself holds up the clock.
import { parentPort, workerData } from 'node:worker_threads'

/** Milliseconds that a request takes until its whole answer is there. */
async function timeOf({ url, init }) {
  const startedAt = performance.now()
  const answer = await fetch(url, init)
  await answer.text()
  if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}`)
  return performance.now() - startedAt
}

/** Each request in turn, so many rounds; the median of each. */
async function medians(rounds) {
  const times = workerData.map(() => [])
  for (let round = 0; round < rounds; round++) {
    for (const [index, request] of workerData.entries()) times[index].push(await timeOf(request))
  }
  return times.map(list => list.sort((a, b) => a - b)[Math.floor(rounds / 2)])
}

parentPort.on('message', async rounds => parentPort.postMessage(await medians(rounds)))
