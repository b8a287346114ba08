/** What an agent sees of every tool, through every client and transport. */
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { TestClient, ToolReply } from '../support/clients.ts'
import { createPictureServer, type PictureServer } from '../support/picture-server.ts'
import { bombPng, DEMO_PHOTO, dataUrl, truncatedJpeg } from '../support/pictures.ts'
import { makeTempDir } from '../support/program.ts'
import { schemaViolations } from './tool-list.ts'

/** Byte limits for the two core tools and for all tools in the list, because every conversation pays for them. */
const CORE_TOOLS_MAX_BYTES = 6_000
const ALL_TOOLS_MAX_BYTES = 20_000
const CORE_TOOLS = ['search_by_image', 'get_product_details']

/** Connects to a server with the sample catalogue; `allow` is MCP1688_IMAGE_ALLOW. */
export type Connect = (dataDir: string, allow: string) => Promise<TestClient>

export interface Transport {
  /** Whether it allows local paths. */
  readsFiles: boolean
  /** Whether requests do not show that the client has no pages. */
  hidesClient: boolean
}

/** The cases that need no key. */
export function describeTools(name: string, connect: Connect, { readsFiles, hidesClient }: Transport): void {
  describe(name, () => {
    const dir = makeTempDir()
    let pictures: PictureServer
    let client: TestClient

    beforeAll(async () => {
      pictures = await createPictureServer({ '/bomb.png': bombPng(), '/cut.jpg': await truncatedJpeg() })
      client = await connect(dir.path, pictures.host)
    })
    afterAll(async () => {
      await client?.close()
      await pictures?.close()
      dir.remove()
    })

    it('lists its tools with schemas that every host accepts', async () => {
      const tools = await client.listTools()
      const violations = tools.flatMap(tool => [
        ...schemaViolations(tool.inputSchema, `${tool.name}.input`),
        ...(tool.outputSchema === undefined ? [] : schemaViolations(tool.outputSchema, `${tool.name}.output`)),
      ])
      expect(violations).toEqual([])
      const bytes = (listed: unknown) => Buffer.byteLength(JSON.stringify(listed))
      const core = tools.filter(tool => CORE_TOOLS.includes(tool.name))
      expect(core.map(tool => tool.name)).toEqual(CORE_TOOLS)
      expect(bytes(core)).toBeLessThan(CORE_TOOLS_MAX_BYTES)
      expect(bytes(tools)).toBeLessThan(ALL_TOOLS_MAX_BYTES)
      const forPages = ({ _meta: meta }: (typeof tools)[number]) =>
        JSON.stringify(meta)?.includes('"visibility":["app"]')
      const forModels = tools.filter(tool => !forPages(tool))
      expect(tools.length > forModels.length).toBe(hidesClient)
      await expect(`${JSON.stringify(forModels, null, 2)}\n`).toMatchFileSnapshot('tools-list.snap.json')
      expect(client.instructions()?.length).toBeLessThan(600)
    })

    it('finds the product in a photo, with the same offers in text and JSON', async () => {
      // On a busy machine, the first search would not wait until every picture is embedded.
      await client.call('sync_catalogue', { max_credits: 0 })
      const reply = await client.call('search_by_image', { image_url: dataUrl(DEMO_PHOTO), page_size: 5 })
      expect(reply.isError).toBe(false)
      await expect(stable(reply)).toMatchFileSnapshot('search-concise.snap.txt')
    })

    it('shows more when detailed is requested', async () => {
      const input = { image_url: dataUrl(DEMO_PHOTO), page: 2, page_size: 3, response_format: 'detailed' }
      await expect(stable(await client.call('search_by_image', input))).toMatchFileSnapshot('search-detailed.snap.txt')
    })

    it('shows thumbnails only on request', async () => {
      const input = { image_url: dataUrl(DEMO_PHOTO), page_size: 8 }
      const reply = await client.call('search_by_image', { ...input, include_images: true })
      const shown = await Promise.all(reply.pictures.map(({ bytes }) => sharp(bytes).metadata()))
      expect(shown.map(({ format }) => format)).toEqual(Array(6).fill('webp'))
      for (const { width, height, size } of shown) {
        expect(Math.max(width, height)).toBe(160)
        expect(size).toBeLessThan(8_000)
      }
      const { products, pictures_of } = z
        .object({ products: z.array(z.object({ offer_id: z.string() })), pictures_of: z.array(z.string()) })
        .parse(reply.structured)
      expect(pictures_of).toEqual(products.slice(0, 6).map(product => product.offer_id))
      expect(reply.text).toContain(`pictures attached, in order: ${pictures_of.join(', ')}`)
      const plain = await client.call('search_by_image', input)
      expect(plain.pictures).toEqual([])
      expect(plain.structured).not.toHaveProperty('pictures_of')
    })

    it('finds known offers by keyword, and says what was searched', async () => {
      const reply = await client.call('search_by_keyword', { keyword: '口罩', page_size: 3 })
      expect(reply.isError).toBe(false)
      await expect(stable(reply)).toMatchFileSnapshot('search-keyword.snap.txt')
    })

    it('reads one offer in full', async () => {
      const reply = await client.call('get_product_details', { offer_id: '10001' })
      expect(reply.isError).toBe(false)
      await expect(stable(reply)).toMatchFileSnapshot('details.snap.txt')
    })

    it('compares offers at a quantity, despite an offer that cannot be read', async () => {
      const offer_ids = ['10001', 'https://detail.1688.com/offer/10002.html', '10003', '10004', '10005', '99999', 'x']
      const input = { offer_ids, quantity: 60, max_moq: 50, max_unit_price: 26 }
      const reply = await client.call('compare_products', input)
      expect(reply.isError).toBe(false)
      await expect(stable(reply)).toMatchFileSnapshot('compare.snap.txt')
    })

    it('estimates landed costs by the rates it is given, and names what it was not given', async () => {
      const order = { offer_ids: ['10001', '10002', '99999'], quantity: 500, destination: 'Germany' }
      const rates = {
        freight_per_kg: 6.5,
        volumetric_divisor: 6000,
        duty_rate: 6.5,
        vat_rate: 19,
        fees: 60,
        currency: 'EUR',
        exchange_rate: 7.8,
      }
      const whole = { ...order, ...rates, domestic_freight: 120, unit_weight_kg: 0.4, unit_cbm: 0.003 }
      const replies = [
        await client.call('estimate_landed_cost', whole),
        await client.call('estimate_landed_cost', { ...order, dry_run: true }),
        await client.call('estimate_landed_cost', { ...order, ...rates }),
      ]
      expect(replies.map(reply => reply.isError)).toEqual([false, false, false])
      await expect(replies.map(stable).join('\n\n')).toMatchFileSnapshot('landed-cost.snap.txt')
    })

    it('reads local pictures only for a caller on this machine', async () => {
      const reply = await client.call('search_by_image', { image_url: DEMO_PHOTO, page_size: 1 })
      expect(reply.isError).toBe(!readsFiles)
      if (!readsFiles) expect(reply.text).toContain('picture_refused')
    })

    it('answers bad input with what was wrong and what to do, and keeps running', async () => {
      const file = (fileName: string, content: string) => {
        const target = path.join(dir.path, fileName)
        writeFileSync(target, content)
        return dataUrl(target, 'image/png')
      }
      const url = (at: string) => `http://${pictures.host}${at}`
      const bad: Record<string, [tool: string, input: Record<string, unknown> | undefined]> = {
        'no argument': ['search_by_image', undefined],
        'unknown argument': ['search_by_image', { image_url: 'x', imageurl: 'y' }],
        'unknown arguments': ['search_by_keyword', { keyword: 'x', limit: 5, max_prize: 3 }],
        'a long word': ['search_by_keyword', { keyword: 'x'.repeat(201) }],
        'page 0': ['search_by_image', { image_url: 'x', page: 0 }],
        'page_size 61': ['search_by_image', { image_url: 'x', page_size: 61 }],
        'a page beyond numbers': ['search_by_image', { image_url: 'x', page: 1e300 }],
        'an argument where there is none': ['get_usage', { month: 11 }],
        'page as text': ['search_by_image', { image_url: 'x', page: 'first' }],
        'unknown format': ['search_by_image', { image_url: 'x', response_format: 'full' }],
        'empty reference': ['search_by_image', { image_url: '' }],
        'keyword without a word': ['search_by_keyword', { keyword: '，。!' }],
        'a place that is none': ['search_by_keyword', { keyword: '口罩', location: 'Atlantis' }],
        'a word': ['search_by_image', { image_url: 'ftp://example.com/a.jpg' }],
        '404': ['search_by_image', { image_url: url('/status/404') }],
        HTML: ['search_by_image', { image_url: url('/type?is=text/html') }],
        SVG: ['search_by_image', { image_url: file('a.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>') }],
        'empty file': ['search_by_image', { image_url: file('empty.png', '') }],
        'truncated JPEG': ['search_by_image', { image_url: url('/cut.jpg') }],
        '30,000 x 30,000 PNG': ['search_by_image', { image_url: url('/bomb.png') }],
        'private address': ['search_by_image', { image_url: 'http://127.0.0.1/a.jpg' }],
        'id with letters': ['get_product_details', { offer_id: '79191218223O' }],
        'look-alike host': [
          'get_product_details',
          { offer_id: 'https://detail.1688.com.evil.com/offer/791912182230.html' },
        ],
        'short link': ['get_product_details', { offer_id: 'https://qr.1688.com/s/AbCd1234' }],
        'one offer only': ['compare_products', { offer_ids: ['10001'] }],
        'ids as words': ['compare_products', { offer_ids: 'red,blue' }],
        'no ids at all': ['compare_products', { offer_ids: ['a', 'b'] }],
        'unknown ids': ['compare_products', { offer_ids: ['99998', '99999'] }],
        'euros for one yuan': [
          'estimate_landed_cost',
          { offer_ids: ['10001'], currency: 'EUR', exchange_rate: 0.13, freight_per_kg: 5 },
        ],
        'no exchange rate': ['estimate_landed_cost', { offer_ids: ['10001'], currency: 'EUR', freight_per_kg: 5 }],
        'a share as percent': ['estimate_landed_cost', { offer_ids: ['10001'], vat_rate: 0.19 }],
        'an empty id': ['compare_products', { offer_ids: ['10001', ''] }],
        'unknown id': ['get_product_details', { offer_id: '99999' }],
      }
      const answers: string[] = []
      for (const [what, [tool, input]] of Object.entries(bad)) {
        const reply = await client.call(tool, input)
        expect(reply, what).toMatchObject({ isError: true, structured: undefined })
        answers.push(`## ${what}\n${reply.text}`)
      }
      await expect(`${answers.join('\n\n').replaceAll(pictures.host, 'HOST')}\n`).toMatchFileSnapshot(
        'bad-input.snap.txt',
      )
      expect(
        (await client.call('get_product_details', { offer_id: ' https://m.1688.com/offer/10001.htm ' })).isError,
      ).toBe(false)
    })
  })
}

/** The text, then the JSON, without times. */
export function stable(reply: Pick<ToolReply, 'text' | 'structured'>): string {
  const whole = `${reply.text}\n\n${JSON.stringify(reply.structured, null, 2)}\n`
  return (
    whole
      // Over HTTP, the server gives these pictures an address.
      .replaceAll(/sample:[\w-]+\.webp|http:\/\/127\.0\.0\.1:\d+\/pictures\/\d+\?s=[\w~:-]+/g, 'PICTURE')
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
      .replaceAll(/"age_s": \d+/g, '"age_s": AGE')
      .replaceAll(/fetched \d+ (s|min) ago/g, 'fetched AGE ago')
  )
}
