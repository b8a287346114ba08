/** The worker thread that decodes and embeds pictures, so that neither blocks the main thread. */
import { parentPort, workerData } from 'node:worker_threads'
import { decodePicture, limitDecoders } from '../../pictures/decoder/decode.ts'
import { loadBuiltinModel } from '../builtin/model.ts'
import { cropGroupsOf } from '../crops/crops.ts'
import type { Crop, PictureModel } from '../model.ts'
import { capCosine, meanOf, toInt8 } from '../vector.ts'
import { isModelChoice, type ModelChoice, toFailure, type WorkerReply, type WorkerRequest } from './messages.ts'

async function loadModel(choice: ModelChoice): Promise<PictureModel> {
  if (choice.kind === 'builtin') return loadBuiltinModel(choice.modelDir, choice.wasmFile)
  if (choice.kind === 'onnx') return (await import('../onnx/model.ts')).loadOnnxModel(choice.model)
  return { side: 224, embed: async ({ colour }) => colour, towardsKind: vector => vector }
}

async function embed(model: PictureModel, { bytes, purpose }: WorkerRequest): Promise<Int8Array<ArrayBuffer>[]> {
  const groups = await cropGroupsOf(await decodePicture(bytes), model.side, purpose)
  const embedded = new Map<Crop, Float32Array>()
  for (const crop of groups.flatMap(group => group.crops)) {
    if (!embedded.has(crop)) embedded.set(crop, await model.embed(crop))
  }
  return groups.map(({ crops, favoursKind, maxCosine }) => {
    const mean = meanOf(crops.flatMap(crop => embedded.get(crop) ?? []))
    return toInt8(capCosine(favoursKind ? model.towardsKind(mean) : mean, maxCosine))
  })
}

function serve(): void {
  const port = parentPort
  const choice: unknown = workerData
  if (!port || !isModelChoice(choice)) throw new Error('embed-worker runs in a worker thread only')
  const send = (reply: WorkerReply, transfer: ArrayBuffer[] = []) => port.postMessage(reply, transfer)
  limitDecoders()
  // If the model fails to load, every request gets the error.
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
