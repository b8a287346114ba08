/** The program of a decoder process: it alone decodes pictures, and holds the model that embeds them. */
import { writeFileSync } from 'node:fs'
import { decodePhoto, limitDecoders } from '../../pictures/decoder/decode.ts'
import { type DecoderReply, isDecoderRequest, type Task, toFailure } from '../../pictures/decoder/messages.ts'
import { shrinkPicture } from '../../pictures/decoder/shrink.ts'
import { convertThumbnail, drawThumbnail } from '../../pictures/decoder/thumbnail.ts'
import { loadBuiltinModel } from '../builtin/model.ts'
import { describeByCrops } from '../crops/describe.ts'
import type { DescribePicture, PictureModel } from '../model.ts'
import { isModelChoice, type ModelChoice } from './model-choice.ts'

const REPORT_EVERY_MS = 50

/** V8 keeps the bytes of pictures until it needs room: what came since the last collection, and when none follows. */
const MAX_GARBAGE_BYTES = 4_000_000
const PAUSE_MS = 200

async function loadModel(choice: ModelChoice): Promise<DescribePicture> {
  if (choice.kind === 'builtin') return loadBuiltinModel(choice.modelDir, choice.distDir)
  return describeByCrops(await loadCropModel(choice))
}

async function loadCropModel(choice: Exclude<ModelChoice, { kind: 'builtin' }>): Promise<PictureModel> {
  if (choice.kind === 'previous') {
    return (await import('../builtin/previous/model.ts')).loadPreviousModel(choice.modelDir, choice.distDir)
  }
  if (choice.kind === 'onnx') return (await import('../onnx/model.ts')).loadOnnxModel(choice.model)
  return { side: 224, embed: async ({ colour }) => colour, towardsKind: vector => vector }
}

/** Loaded once, failures included. */
const models = new Map<string, Promise<DescribePicture>>()

function modelOf(choice: object): Promise<DescribePicture> {
  if (!isModelChoice(choice)) throw new Error('the request names no model')
  const key = JSON.stringify(choice)
  const model = models.get(key) ?? loadModel(choice)
  models.set(key, model)
  return model
}

async function answer(task: Task, bytes: Uint8Array, send: (reply: DecoderReply) => void): Promise<DecoderReply> {
  if (task.kind === 'embed') {
    const describe = await modelOf(task.model)
    send({ kind: 'started' })
    return { kind: 'embedding', embedding: await describe(await decodePhoto(bytes), task.purpose) }
  }
  send({ kind: 'started' })
  switch (task.kind) {
    case 'thumbnail':
      return { kind: 'picture', picture: await drawThumbnail(bytes, task.side) }
    case 'convert':
      return { kind: 'picture', picture: await convertThumbnail(bytes, task.mediaType) }
    case 'small':
      return { kind: 'picture', picture: await shrinkPicture(bytes, task.region) }
  }
}

function serve(): void {
  const send = (reply: DecoderReply) => void process.send?.(reply)
  const collect = collectInPauses()
  limitDecoders()
  offerToBeKilled()
  // Exiting would wait for native work.
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
  process.on('message', async (request: unknown) => {
    const stopReporting = reportUsage(send)
    try {
      if (!isDecoderRequest(request)) throw new Error('not a request')
      send(await answer(request.task, request.bytes, send))
    } catch (thrown) {
      send({ kind: 'failure', failure: toFailure(thrown) })
    } finally {
      stopReporting()
      collect(isDecoderRequest(request) ? request.bytes.length : 0)
    }
  })
}

/** @returns is called with the bytes of each picture that is done with. */
function collectInPauses(): (bytes: number) => void {
  let garbageBytes = 0
  let pause: NodeJS.Timeout | undefined
  const collect = () => {
    garbageBytes = 0
    globalThis.gc?.()
  }
  return bytes => {
    garbageBytes += bytes
    clearTimeout(pause)
    if (garbageBytes > MAX_GARBAGE_BYTES) pause = setTimeout(collect, PAUSE_MS)
  }
}

/** While a picture is under work. On Linux the server reads it from `/proc`. */
function reportUsage(send: (reply: DecoderReply) => void): () => void {
  if (process.platform === 'linux') return () => undefined
  const timer = setInterval(() => {
    const { user, system } = process.cpuUsage()
    send({
      kind: 'usage',
      usage: { memoryBytes: process.memoryUsage.rss(), processorMs: (user + system) / 1_000 },
    })
  }, REPORT_EVERY_MS)
  return () => clearInterval(timer)
}

/** If memory runs out, Linux is to end this process and not the server. */
function offerToBeKilled(): void {
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000')
  } catch {
    // Not Linux.
  }
}

serve()
