/** Owns the worker thread in which pictures are decoded and embedded, so that the protocol's loop never waits for either. */
import { parentPort, workerData } from 'node:worker_threads'
import { decodePicture, limitDecoders } from '../../pictures/decoder/decode.ts'
import { loadBuiltinModel } from '../builtin/model.ts'
import type { PictureModel } from '../model.ts'
import { meanOf, setAside, toInt8 } from '../vector.ts'
import { type Look, viewsOf } from '../views/views.ts'
import { isModelChoice, type ModelChoice, toFailure, type WorkerReply, type WorkerRequest } from './messages.ts'

async function loadModel(choice: ModelChoice): Promise<PictureModel> {
  if (choice.kind === 'builtin') return loadBuiltinModel(choice.modelDir, choice.wasmFile)
  if (choice.kind === 'onnx') return (await import('../onnx/model.ts')).loadOnnxModel(choice.model)
  return { side: 224, embed: async ({ colour }) => colour, towardsKind: vector => vector }
}

async function embed(model: PictureModel, { bytes, purpose }: WorkerRequest): Promise<Int8Array<ArrayBuffer>[]> {
  const views = await viewsOf(await decodePicture(bytes), model.side, purpose)
  const embedded = new Map<Look, Float32Array>()
  for (const look of views.flatMap(view => view.looks)) {
    if (!embedded.has(look)) embedded.set(look, await model.embed(look))
  }
  return views.map(({ looks, asksForKind, worth }) => {
    const mean = meanOf(looks.flatMap(look => embedded.get(look) ?? []))
    return toInt8(setAside(asksForKind ? model.towardsKind(mean) : mean, worth))
  })
}

function serve(): void {
  const port = parentPort
  const choice: unknown = workerData
  if (!port || !isModelChoice(choice)) throw new Error('embed-worker runs in a worker thread only')
  const send = (reply: WorkerReply, transfer: ArrayBuffer[] = []) => port.postMessage(reply, transfer)
  limitDecoders()
  // A model that cannot be loaded is told to each request.
  const model = loadModel(choice)
  const ready = () => send({ kind: 'ready' })
  model.then(ready, ready)
  port.on('message', async (request: WorkerRequest) => {
    try {
      const vectors = await embed(await model, request)
      send(
        { kind: 'vectors', vectors },
        vectors.map(vector => vector.buffer),
      )
    } catch (thrown) {
      send({ kind: 'failure', failure: toFailure(thrown) })
    }
  })
}

serve()
