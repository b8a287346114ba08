/** Arguments as real clients write them, as bytes on both transports. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeTempDir } from '../support/program.ts'
import { type RawWire, rawHttp, rawStdio } from '../support/raw-wire.ts'

const PICTURE = '"image_url":"sample:dress-03.webp"'

/** What is sent as `arguments` to which tool, and what its reply must have. */
const CALLS: [tool: string, sent: string, reply: Record<string, unknown>][] = [
  ['get_usage', 'null', { upstream: 'sample' }],
  ['get_usage', '{}', { upstream: 'sample' }],
  ['get_usage', '""', { upstream: 'sample' }],
  ['get_usage', '[]', { upstream: 'sample' }],
  ['get_usage', '"{}"', { upstream: 'sample' }],
  ['get_usage', '{"random_string":"x"}', { upstream: 'sample' }],
  ['get_usage', '{"upstream":null}', { upstream: 'sample' }],
  ['get_usage', '{"upstream":"sample"}', { upstream: 'sample' }],
  ['search_by_image', `{${PICTURE},"max_price":null,"location":null}`, { page: 1 }],
  ['search_by_image', `{${PICTURE},"max_price":"null","location":"","seller":["null"]}`, { page: 1 }],
  ['search_by_image', `{${PICTURE},"page":"2","page_size":"3","max_price":"20"}`, { page: 2, page_size: 3 }],
  ['search_by_image', `{${PICTURE},"page_size":1,"include_images":"true"}`, { pictures_of: [expect.any(String)] }],
  ['search_by_image', JSON.stringify(`{${PICTURE},"page":2}`), { page: 2 }],
  ['search_by_image', `[{${PICTURE},"page":2}]`, { page: 2 }],
  ['compare_products', '{"offer_ids":"[\\"10008\\",\\"10012\\"]"}', { offers: [{}, {}] }],
  ['compare_products', '{"offer_ids":[10008,10012]}', { offers: [{}, {}] }],
  ['compare_products', '{"offer_ids":"10008,10012","quantity":"500","dry_run":"false"}', { offers: [{}, {}] }],
  ['get_product_details', '{"offer_id":10008}', { offer_id: '10008' }],
]

const REFUSED: [tool: string, sent: string, message: RegExp][] = [
  ['get_product_details', '{"offer_id":791912182230123456}', /offer_id is a number above 9007199254740991/],
  ['search_by_image', '"a red dress"', /Unknown argument "arguments"; image_url is missing|image_url is missing/],
  ['search_by_image', '7', /image_url is missing|Unknown argument/],
  ['search_by_image', 'null', /image_url is missing/],
  ['get_usage', '{"upstream":"alibaba"}', /does not use an upstream called "alibaba"/],
]

for (const [name, open] of [
  ['stdio', rawStdio],
  ['HTTP', rawHttp],
] as const) {
  describe(name, () => {
    const dir = makeTempDir()
    let wire: RawWire
    let id = 0
    beforeAll(async () => {
      wire = await open(dir.path)
    })
    afterAll(async () => {
      await wire?.close()
      dir.remove()
    })

    const call = async (tool: string, sent: string) => {
      id += 1
      const params = `{"name":"${tool}","arguments": ${sent}}`
      const answer = await wire.send(`{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":${params}}`)
      expect(answer).toMatchObject({ id, result: expect.anything() })
      return { isError: answer.result?.isError, text: answer.result?.content?.[0]?.text, ...answer.result }
    }

    it.each(CALLS)('%s takes %s', async (tool, sent, reply) => {
      const { isError, text, structuredContent } = await call(tool, sent)
      expect(isError, text).not.toBe(true)
      expect(structuredContent).toMatchObject(reply)
    })

    it.each(REFUSED)('%s refuses %s in words', async (tool, sent, message) => {
      expect(await call(tool, sent)).toMatchObject({ isError: true, text: expect.stringMatching(message) })
    })

    it('lists its tools for params of null', async () => {
      const { result } = await wire.send('{"jsonrpc":"2.0","id":900,"method":"tools/list","params":null}')
      expect(result?.tools?.map(tool => tool.name)).toContain('search_by_image')
    })

    it('lists no maxLength above 1,999 and no tool without arguments', async () => {
      const { result } = await wire.send('{"jsonrpc":"2.0","id":901,"method":"tools/list"}')
      const lengths = [...JSON.stringify(result).matchAll(/"maxLength":(\d+)/g)].map(([, length]) => Number(length))
      expect(result?.tools?.length).toBeGreaterThan(0)
      expect(lengths.filter(length => length > 1_999)).toEqual([])
      for (const tool of result?.tools ?? []) {
        expect(tool, tool.name).toMatchObject({ inputSchema: { properties: expect.anything() } })
        expect(JSON.stringify(tool.inputSchema)).not.toContain('"properties":{}')
      }
    })
  })
}
