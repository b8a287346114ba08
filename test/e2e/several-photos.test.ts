/** Searches by several photos of one product. */
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { TestClient } from '../support/clients.ts'
import { connectInProcess, runInProcess, serveInProcess } from '../support/in-process.ts'
import { DEMO_PHOTO, dataUrl } from '../support/pictures.ts'
import { makeTempDir, type TempDir } from '../support/program.ts'

const searchReply = z.object({
  query_image_url: z.string(),
  products: z.array(z.object({ offer_id: z.string() })),
  note: z.string(),
  match: z.object({ method: z.string(), best: z.string() }),
  credits: z.object({ spent: z.number() }),
})

describe('several photos of one product', () => {
  let dir: TempDir
  let client: TestClient
  /** A blurred strip of the product, by which alone it is not found. */
  let poor: string

  beforeAll(async () => {
    dir = makeTempDir()
    client = await connectInProcess(dir.path)
    await client.call('sync_catalogue', { max_credits: 0 })
    poor = path.join(dir.path, 'poor.jpg')
    const strip = { left: 0, top: 0, width: 60, height: 60 }
    writeFileSync(poor, await sharp(readFileSync(DEMO_PHOTO)).extract(strip).blur(8).jpeg().toBuffer())
  })
  afterAll(async () => {
    await client.close()
    dir.remove()
  })
  const search = async (input: Record<string, unknown>) => {
    const reply = await client.call('search_by_image', { page_size: 5, ...input })
    return { ...reply, found: reply.isError ? null : searchReply.parse(reply.structured) }
  }
  const firstOf = (reply: Awaited<ReturnType<typeof search>>) => reply.found?.products[0]?.offer_id

  it('finds by the best view of each offer, whichever photo it is in', async () => {
    const clear = await search({ image_url: dataUrl(DEMO_PHOTO) })
    expect(clear.found?.match.best).toBe('same item')
    expect(firstOf(await search({ image_url: poor }))).not.toBe(firstOf(clear))
    for (const more of [
      [dataUrl(DEMO_PHOTO)],
      JSON.stringify([DEMO_PHOTO]),
      `${DEMO_PHOTO}\n`,
      [{ url: DEMO_PHOTO }],
    ]) {
      const both = await search({ image_url: poor, more_image_urls: more })
      expect(firstOf(both)).toBe(firstOf(clear))
      expect(both.found?.query_image_url).toMatch(/^2 photos: poor\.jpg; (?:demo-photo\.webp|data:image\/webp)/)
    }
    const turned = await search({ image_url: DEMO_PHOTO, more_image_urls: [poor, DEMO_PHOTO, ''] })
    expect(turned.found?.query_image_url).toBe('2 photos: demo-photo.webp; poor.jpg')
    expect(firstOf(turned)).toBe(firstOf(clear))
  })

  it('says which photos could not be used, and fails only if none can', async () => {
    const reply = await search({ image_url: '/nowhere.jpg', more_image_urls: [DEMO_PHOTO, '[Image #2]'] })
    expect(reply.found?.query_image_url).toBe('demo-photo.webp')
    expect(reply.text).toContain('Photo 1 was not used (picture_unreachable): No readable file at /nowhere.jpg')
    expect(reply.text).toContain('Photo 3 was not used (invalid_input): "[Image #2]" is an attachment of the chat')
    const none = await search({ image_url: '/nowhere.jpg', more_image_urls: ['/nothing.jpg'] })
    expect(none.isError).toBe(true)
    expect(none.text).toContain('No readable file at /nowhere.jpg')
    const many = await search({ image_url: DEMO_PHOTO, more_image_urls: Array(4).fill(DEMO_PHOTO) })
    expect(many.text).toContain('more_image_urls takes at most 3 items')
  })

  it('leaves out every offer whose picture is among them', async () => {
    const reply = await search({ image_url: '10203', more_image_urls: ['10001'], page_size: 60 })
    const ids = reply.found?.products.map(({ offer_id }) => offer_id)
    expect(ids).not.toContain('10203')
    expect(ids).not.toContain('10001')
    expect(reply.found?.query_image_url).toMatch(/^2 photos: picture of offer 10203, .+; picture of offer 10001, /)
  })

  it('are a file and a field of a form over REST', async () => {
    const serve = await serveInProcess(dir.path)
    const form = new FormData()
    form.set('image', new Blob([readFileSync(poor)]), 'poor.jpg')
    form.set('more_image_urls', 'sample:dress-03.webp')
    const sent = await fetch(`${serve.url}/search_by_image`, { method: 'POST', body: form })
    const answer: unknown = await sent.json()
    await serve.close()
    const { data } = z.object({ data: z.object({ query_image_url: z.string() }) }).parse(answer)
    expect(data.query_image_url).toMatch(/^2 photos: uploaded picture \(\d+ kB\); sample:dress-03\.webp$/)
  })

  it('are the arguments of the command line', async () => {
    const { stdout } = await runInProcess(['search', poor, DEMO_PHOTO, '--json'], dir.path)
    expect(searchReply.parse(JSON.parse(stdout)).query_image_url).toBe('2 photos: poor.jpg; demo-photo.webp')
    const { exitCode, stderr } = await runInProcess(['search', ...Array(5).fill(DEMO_PHOTO)], dir.path)
    expect(exitCode).toBe(2)
    expect(stderr).toContain('search takes at most 4 arguments, not 5.')
    const report = path.join(dir.path, 'report.html')
    expect((await runInProcess(['report', '10203', '--out', report], dir.path)).exitCode).toBe(0)
    expect(readFileSync(report, 'utf8')).toContain('picture of offer 10203')
  })
})
