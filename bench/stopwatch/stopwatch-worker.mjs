// Times requests in a separate thread, so that neither the server under test nor the test delays the clock.
import { parentPort, workerData } from 'node:worker_threads'

/** Milliseconds until the whole answer has arrived. */
async function timeOf({ url, init }) {
  const startedAt = performance.now()
  const answer = await fetch(url, init)
  await answer.text()
  if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}`)
  return performance.now() - startedAt
}

/** Sends all requests in each round. @returns the median of each request. */
async function medians(rounds) {
  const times = workerData.map(() => [])
  for (let round = 0; round < rounds; round++) {
    for (const [index, request] of workerData.entries()) times[index].push(await timeOf(request))
  }
  return times.map(list => list.sort((a, b) => a - b)[Math.floor(rounds / 2)])
}

parentPort.on('message', async rounds => parentPort.postMessage(await medians(rounds)))
