import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Embedder } from '../../src/vision/embedder.ts'
import { createServiceClient } from '../../src/vision/service/client.ts'
import { cosineOf } from '../support/cosine.ts'
import { openEmbedder } from '../support/decoder.ts'
import { drawnPicture } from '../support/drawn-pictures.ts'
import { type EmbeddingService, startEmbeddingService } from '../support/embedding-service.ts'
import { FLOAT16, writeOnnx } from '../support/onnx-writer.ts'

const SIZE = 32
let folder: string
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'mcp-1688-model-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const opened: Embedder[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map(embedder => embedder.close()))
})

async function open(spec: string): Promise<Embedder> {
  const embedder = await openEmbedder(spec)
  opened.push(embedder)
  return embedder
}

const bag = () => drawnPicture().png().toBuffer()
const otherBag = () => drawnPicture([20, 90, 160]).jpeg().toBuffer()

/** Averages colours over a 4 x 4 grid: 48 numbers, at full or half precision. */
function gridModel(name: string, description: object | null, precision: 'full' | 'half' = 'full'): string {
  const file = path.join(folder, name)
  const pool = {
    op: 'AveragePool',
    inputs: ['pixels'],
    output: 'grid',
    attributes: { kernel_shape: [8, 8], strides: [8, 8] },
  }
  const flatten = { op: 'Flatten', inputs: ['grid'], output: 'flat', attributes: { axis: 1 } }
  const halve = { op: 'Cast', inputs: ['flat'], output: 'halved', attributes: { to: FLOAT16 } }
  const model = writeOnnx({
    nodes: precision === 'half' ? [pool, flatten, halve] : [pool, flatten],
    initializers: [],
    input: { name: 'pixels', shape: [1, 3, SIZE, SIZE] },
    output: precision === 'half' ? { name: 'halved', shape: [1, 48], type: FLOAT16 } : { name: 'flat', shape: [1, 48] },
  })
  writeFileSync(file, model)
  if (description) writeFileSync(`${file}.json`, JSON.stringify(description))
  return `onnx:${file}`
}

describe('the choice of an embedder', () => {
  it.each(['tensorflow', 'onnx:', 'ftp://127.0.0.1/', 'http://'])(
    'says what may be written instead of %s',
    async spec => {
      await expect(open(spec)).rejects.toMatchObject({
        code: 'config_invalid',
        message: expect.stringContaining('MCP1688_EMBEDDER'),
        hint: expect.stringContaining('builtin'),
      })
    },
  )

  it('gives each model a different id', async () => {
    const first = await open(gridModel('a.onnx', { size: SIZE }))
    const second = await open(gridModel('a.onnx', { size: SIZE, mean: [0.5, 0.5, 0.5] }))
    const builtin = await open('builtin')
    const service = await open('http://127.0.0.1:9/embed')
    expect(new Set([first, second, builtin, service].map(embedder => embedder.id)).size).toBe(4)
  })
})

describe("a user's ONNX model", () => {
  it('runs on the installed runtime, joined with colour', async () => {
    const embedder = await open(gridModel('grid.onnx', { size: SIZE }))
    const { vectors } = await embedder.embed(await bag(), 'index')
    const [vector, ...others] = vectors
    expect(others).toEqual([])
    // 48 of the model, 490 of colour, 16 unused, padded.
    expect(vector).toHaveLength(560)
    const { vectors: views } = await embedder.embed(await bag(), 'query')
    expect(cosineOf(views[0] ?? [], vector ?? [])).toBeCloseTo(1, 5)
    const [other] = (await embedder.embed(await otherBag(), 'index')).vectors
    expect(cosineOf(other ?? [], vector ?? [])).toBeLessThan(0.9)
  })

  it.each([
    ['no description', null, 'JSON description of the ONNX file is missing'],
    ['a wrong size', { size: 4 }, '"size"'],
    ['an unknown key', { size: SIZE, colour: 'BGR' }, 'is invalid'],
  ])('is rejected with %s', async (name, description, words) => {
    const file = `${name.replaceAll(' ', '-')}.onnx`
    await expect(open(gridModel(file, description))).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining(words),
    })
  })

  it.each([
    ['a size that does not fit', { size: 64 }],
    ['an unknown output', { size: SIZE, output: 'tokens' }],
  ])('reports %s at the first picture', async (name, description) => {
    const embedder = await open(gridModel(`${name.replaceAll(' ', '-')}.onnx`, description))
    await expect(embedder.embed(await bag(), 'index')).rejects.toMatchObject({ code: 'config_invalid' })
  })

  it('reports an output in half precision', async () => {
    const embedder = await open(gridModel('half.onnx', { size: SIZE }, 'half'))
    await expect(embedder.embed(await bag(), 'index')).rejects.toMatchObject({
      code: 'config_invalid',
      hint: expect.stringContaining('32-bit'),
    })
  })

  it('reports a file that is not a model', async () => {
    const file = path.join(folder, 'broken.onnx')
    writeFileSync(file, 'no model')
    writeFileSync(`${file}.json`, JSON.stringify({ size: SIZE }))
    const embedder = await open(`onnx:${file}`)
    await expect(embedder.embed(await bag(), 'index')).rejects.toMatchObject({ code: 'config_invalid' })
  })
})

describe('an embedding service', () => {
  let service: EmbeddingService
  beforeAll(async () => {
    service = await startEmbeddingService()
  })
  afterEach(() => service.reset())
  afterAll(() => service.close())

  it('receives only the bytes, and its vector is joined with the colours', async () => {
    const embedder = await open(service.url)
    const bytes = await bag()
    const [vector] = (await embedder.embed(bytes, 'index')).vectors
    expect(service.seen).toHaveLength(1)
    expect(service.seen[0]?.body.equals(bytes)).toBe(true)
    expect(service.seen[0]?.headers).toMatchObject({ 'content-type': 'application/octet-stream' })
    expect(vector?.length).toBe(Math.ceil((12 + 490) / 16) * 16)
    const [again] = (await embedder.embed(bytes, 'query')).vectors
    expect(again).toEqual(vector)
  })

  it('never receives anything but pictures', async () => {
    const embedder = await open(service.url)
    await expect(embedder.embed(Buffer.from('<svg/>'), 'index')).rejects.toMatchObject({ code: 'picture_unreadable' })
    expect(service.seen).toEqual([])
  })

  it.each([429, 503])('is called again after %i, and may return a plain array', async status => {
    const client = createServiceClient({ url: service.url })
    service.answerNext({ status, body: 'busy' }, { status: 200, body: JSON.stringify(Array(12).fill(0.5)) })
    expect(await client.embed(await bag())).toEqual(new Float32Array(12).fill(0.5))
    expect(service.seen).toHaveLength(2)
    await client.close()
  })

  it.each([
    [{ status: 401, body: '' }, 'upstream_rejected'],
    [{ status: 422, body: '' }, 'picture_unreadable'],
    [{ status: 200, body: 'soon' }, 'upstream_changed'],
    [{ status: 200, body: '{"embedding":["a"]}' }, 'upstream_changed'],
    [{ status: 200, body: '[1,2]' }, 'upstream_changed'],
  ])('is not called again after it answers %j', async (answer, code) => {
    const client = createServiceClient({ url: service.url })
    service.answerNext(answer)
    await expect(client.embed(await bag())).rejects.toMatchObject({ code })
    expect(service.seen).toHaveLength(1)
    await client.close()
  })

  it('is reported if it changes the length of its vectors', async () => {
    const embedder = await open(service.url)
    await embedder.embed(await bag(), 'index')
    service.answerNext({ status: 200, body: JSON.stringify(Array(9).fill(1)) })
    await expect(embedder.embed(await bag(), 'index')).rejects.toMatchObject({ code: 'upstream_changed' })
  })

  it('is not called for half a minute while it stays down', async () => {
    const clock = { now: 0 }
    const client = createServiceClient({ url: service.url, now: () => clock.now })
    service.answerNext(...Array(6).fill({ status: 500, body: '' }))
    const picture = await bag()
    for (let i = 0; i < 4; i++) {
      await expect(client.embed(picture)).rejects.toMatchObject({ code: 'upstream_unavailable', retryable: true })
    }
    expect(service.seen).toHaveLength(6)
    clock.now = 30_000
    expect(await client.embed(picture)).toHaveLength(12)
    await client.close()
  })

  it('is aborted at the time limit, and at once when the call is cancelled', async () => {
    service.answerNext('hang', 'hang', 'hang')
    const client = createServiceClient({ url: service.url, timeoutMs: 50 })
    await expect(client.embed(await bag())).rejects.toMatchObject({ code: 'upstream_unavailable' })
    const controller = new AbortController()
    const call = createServiceClient({ url: service.url }).embed(await bag(), controller.signal)
    await service.asked(3)
    controller.abort()
    await expect(call).rejects.toMatchObject({ code: 'cancelled' })
    await client.close()
  })
})
