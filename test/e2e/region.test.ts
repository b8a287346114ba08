import { readFileSync } from 'node:fs'
import path from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import type { TestClient } from '../support/clients.ts'
import { connectInProcess } from '../support/in-process.ts'
import { makeTempDir, ROOT } from '../support/program.ts'

const dir = makeTempDir()
let client: TestClient
beforeAll(async () => {
  client = await connectInProcess(dir.path)
  await client.call('sync_catalogue', { max_credits: 0 })
})
afterAll(async () => {
  await client.close()
  dir.remove()
})

const found = z.object({ products: z.array(z.object({ offer_id: z.string() })).min(1) })

/** Two sample pictures side by side on white, with room between them. */
async function scene(): Promise<string> {
  const part = (name: string) =>
    sharp(readFileSync(path.join(ROOT, 'assets/sample/pictures', name)))
      .resize(330, 330)
      .toBuffer()
  const parts = [
    { input: await part('dress-05.webp'), left: 30, top: 45 },
    { input: await part('sandal-06.webp'), left: 660, top: 45 },
  ]
  const canvas = sharp({ create: { width: 1020, height: 420, channels: 3, background: '#fff' } })
  return `data:image/jpeg;base64,${(await canvas.composite(parts).jpeg().toBuffer()).toString('base64')}`
}

it('a scene is told apart into regions, each of which finds its own product', async () => {
  const image_url = await scene()
  const whole = await client.call('search_by_image', { image_url, page_size: 3 })
  const regions = [...whole.text.matchAll(/"(\d+,\d+,\d+,\d+)"/g)].flatMap(([, region]) => region ?? [])
  expect(whole.text).toContain('The photo seems to show 2 things')
  expect(new Set(regions).size).toBe(2)
  const firsts = await Promise.all(
    [...new Set(regions)].map(async region => {
      const reply = await client.call('search_by_image', { image_url, region, page_size: 3 })
      expect(reply.text).toContain(`region ${region}`)
      expect(reply.text).toContain('same item')
      return found.parse(reply.structured).products[0]?.offer_id
    }),
  )
  const alone = await Promise.all(
    ['dress-05.webp', 'sandal-06.webp'].map(async name => {
      const reply = await client.call('search_by_image', { image_url: `sample:${name}`, page_size: 3 })
      return found.parse(reply.structured).products[0]?.offer_id
    }),
  )
  expect(firsts.toSorted()).toEqual(alone.toSorted())
})

it('a region that is none is refused with what is wrong, at no cost', async () => {
  const reply = await client.call('search_by_image', { image_url: 'sample:dress-05.webp', region: '0,0,512,512' })
  expect(reply.isError).toBe(true)
  expect(reply.text).toContain('The region "0,0,512,512" reaches beyond the picture.')
  expect(reply.text).toContain('in per cent of the picture')
})
