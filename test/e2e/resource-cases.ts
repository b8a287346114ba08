/** What an agent sees of resources and prompts, through every client and transport. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestClient, WIRES } from '../support/clients.ts'
import { makeTempDir } from '../support/program.ts'
import { type Connect, stable } from './cases.ts'

/** The protocol's code for a missing resource and for invalid arguments. */
const INVALID_PARAMS = -32602
/** Of the protocols before 2026. */
const RESOURCE_NOT_FOUND = -32002

export function describeResources(name: string, connect: Connect, wire: (typeof WIRES)[number]): void {
  describe(`${name}: resources and prompts`, () => {
    const dir = makeTempDir()
    let client: TestClient

    beforeAll(async () => {
      client = await connect(dir.path, 'localhost:1')
      // Completion suggests known offers.
      await client.call('compare_products', { offer_ids: ['10001', '10002', '10011'], quantity: 60 })
    })
    afterAll(async () => {
      await client?.close()
      dir.remove()
    })

    const hintsOf = (hints: { ttlMs: unknown; cacheScope: unknown }) => [hints.ttlMs, hints.cacheScope]

    it('lists resources, their template, and prompts', async () => {
      const { resources, templates } = await client.listResources()
      const listed = { resources, templates, prompts: await client.listPrompts() }
      await expect(`${JSON.stringify(listed, null, 2)}\n`).toMatchFileSnapshot('resources-list.snap.json')
    })

    it('reads each resource, with cache hints in the newest protocol version', async () => {
      const hasHints = wire === 'v2 client, 2026 wire'
      const offer = await client.readResource('mcp-1688://offers/10001')
      const details = await client.call('get_product_details', { offer_id: '10001' })
      const textOf = (structured: unknown) => stable({ text: '', structured: { structured } })
      expect(offer.mimeType).toBe('application/json')
      expect(textOf(JSON.parse(offer.text))).toBe(textOf(details.structured))
      expect(hintsOf(offer)).toEqual(hasHints ? [600_000, 'private'] : [undefined, undefined])
      const usage = await client.readResource('mcp-1688://usage')
      expect(JSON.parse(usage.text)).toMatchObject({ upstream: 'sample' })
      expect(hintsOf(usage)).toEqual(hasHints ? [0, 'private'] : [undefined, undefined])
      const catalogue = await client.readResource('mcp-1688://catalogue')
      await expect(
        `${JSON.stringify(JSON.parse(catalogue.text), null, 2)}\n`.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME'),
      ).toMatchFileSnapshot('catalogue.snap.json')
    })

    it.each(['mcp-1688://offers/99999', 'mcp-1688://offers/abc', 'mcp-1688://nothing'])(
      '%s is not found',
      async uri => {
        // The client of the new SDK turns both codes into one.
        const code = wire.startsWith('v1') ? RESOURCE_NOT_FOUND : INVALID_PARAMS
        await expect(client.readResource(uri)).rejects.toMatchObject({ code })
      },
    )

    it('completes offer IDs, quantities and places', async () => {
      const template = { type: 'ref/resource', uri: 'mcp-1688://offers/{offer_id}' } as const
      expect(await client.complete(template, 'offer_id', '1000')).toEqual(['10001', '10002'])
      expect(await client.complete(template, 'offer_id', '10011')).toEqual(['10011'])
      expect(await client.complete(template, 'offer_id', 'x')).toEqual([])
      const of = (prompt: string) => ({ type: 'ref/prompt', name: prompt }) as const
      expect(await client.complete(of('compare_suppliers'), 'offer_ids', '10002, 1001')).toEqual(['10002, 10011'])
      expect(await client.complete(of('compare_suppliers'), 'offer_ids', '10002，1001')).toEqual(['10002，10011'])
      expect(await client.complete(of('negotiate_in_chinese'), 'quantity', '5')).toEqual(['50', '500', '5000'])
      expect(await client.complete(of('source_from_photo'), 'location', '义')).toEqual(['义乌'])
    })

    it('renders the prompts', async () => {
      const prompts: [name: string, args: Record<string, string>][] = [
        ['source_from_photo', { image_url: 'photo.jpg', quantity: '500', max_unit_price: '20', location: '义乌' }],
        ['source_from_photo', { image_url: 'photo.jpg', quantity: '' }],
        ['compare_suppliers', { offer_ids: '10001 10002，10003', quantity: '60' }],
        ['negotiate_in_chinese', { offer_id: '10001', quantity: '60', target_price: '18.5', destination: '深圳' }],
        ['negotiate_in_chinese', { offer_id: '99999', quantity: '10', questions: 'Is it food safe?' }],
      ]
      const texts: string[] = []
      for (const [prompt, args] of prompts) {
        texts.push(`## ${prompt} ${JSON.stringify(args)}\n${await client.getPrompt(prompt, args)}`)
      }
      await expect(`${texts.join('\n\n')}\n`).toMatchFileSnapshot('prompts.snap.txt')
    })

    it.each([
      ['negotiate_in_chinese', { offer_id: 'x', quantity: '60' }],
      ['negotiate_in_chinese', { offer_id: '10001', quantity: '' }],
      ['negotiate_in_chinese', { offer_id: '10001', quantity: '5', target_price: 'cheap' }],
      ['compare_suppliers', {}],
      ['no_such_prompt', {}],
    ])('refuses %s with %j', async (prompt, args: Record<string, string>) => {
      await expect(client.getPrompt(prompt, args)).rejects.toMatchObject({ code: INVALID_PARAMS })
    })
  })
}
