import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { folderBytes } from '../../../src/store/folder-bytes.ts'
import { makeTempDir } from '../../support/program.ts'
import { addKey, startService, type TestService, toolCall } from '../service.ts'

async function scrape({ url, dir }: TestService, text?: string): Promise<string> {
  const key = text ?? (await addKey(dir)).text
  const response = await fetch(`${url}/metrics`, { headers: { 'x-api-key': key } })
  expect(response.status).toBe(200)
  return response.text()
}

describe('/metrics', () => {
  it('has decoder restarts, quarantined pictures, stored bytes and open uploads', async () => {
    const tested = await startService()
    const text = await scrape(tested)
    expect(text).toMatch(/^mcp1688_decoder_restarts 2$/m)
    expect(text).toMatch(/^mcp1688_decoder_quarantined 1$/m)
    expect(text).toMatch(/^mcp1688_open_uploads 3$/m)
    expect(text.match(/^mcp1688_stored_bytes.*$/gm)).toEqual(['mcp1688_stored_bytes{place="files"} 4096'])
    await tested.close()
  })

  it('counts refused bodies by status: too long, of another type, not JSON', async () => {
    const tested = await startService()
    const { text: key } = await addKey(tested.dir)
    const call = toolCall('get_usage', {})
    const post = (body: string, type = 'application/json') =>
      fetch(`${tested.url}/mcp`, {
        method: 'POST',
        body,
        headers: { ...call.headers, 'content-type': type, 'x-api-key': key },
      })
    expect((await post('x'.repeat(300 * 1024))).status).toBe(413)
    expect((await post('{')).status).toBe(400)
    expect((await post(call.body, 'text/plain')).status).toBe(415)
    expect((await post(call.body)).status).toBe(200)
    const refused = (await scrape(tested, key)).match(/^mcp1688_http_refused_bodies_total\S* \d+$/gm)
    expect(refused?.sort()).toEqual(
      [400, 413, 415].map(status => `mcp1688_http_refused_bodies_total{status="${status}"} 1`),
    )
    await tested.close()
  })

  it('answers with NaN for what cannot be found out, and shows the size of the database', async () => {
    const fails = () => Promise.reject(new Error('no store'))
    const decoder = async () => ({ restarts: 0, quarantined: 0 })
    const without = await startService({ gauges: { decoder, openUploads: fails, storedBytes: fails } })
    const unknown = await scrape(without)
    expect(unknown).toMatch(/^mcp1688_open_uploads Nan$/im)
    expect(unknown).toMatch(/^mcp1688_stored_bytes\{place="files"\} Nan$/im)
    await without.close()
    const storedBytes = async () => ({ files: 1, database: 7_000_000 })
    const shared = await startService({ gauges: { decoder, openUploads: async () => 0, storedBytes } })
    expect(await scrape(shared)).toMatch(/^mcp1688_stored_bytes\{place="database"\} 7000000$/m)
    await shared.close()
  })

  it('has no key, ID or address in a label', async () => {
    const tested = await startService()
    const { key, text: secret } = await addKey(tested.dir, { name: 'Ana Purchasing' })
    const call = toolCall('get_product_details', { offer_id: '7000000001' })
    await fetch(`${tested.url}/mcp`, { ...call, headers: { ...call.headers, 'x-api-key': secret } })
    await fetch(`${tested.url}/get_product_details?offer_id=7000000001`, { headers: { 'x-api-key': secret } })
    await fetch(`${tested.url}/secret/path`)
    const text = await scrape(tested, secret)
    expect(text).toContain('mcp1688_calls_total{tool="get_product_details"')
    for (const hidden of [key.id, secret, 'Ana', '7000000001', '127.0.0.1', '/secret/path'])
      expect(text).not.toContain(hidden)
    const labels = [...text.matchAll(/[{,](\w+)="/g)].map(([, label = '']) => label)
    const known = ['tool', 'outcome', 'tier', 'le', 'route', 'status', 'place', 'version', 'major', 'minor', 'patch']
    for (const label of new Set(labels)) expect([...known, 'type', 'space', 'kind', 'quantile']).toContain(label)
    await tested.close()
  })

  it('sums the files of a folder and those below it', async () => {
    const dir = makeTempDir()
    writeFileSync(path.join(dir.path, 'a'), 'x'.repeat(1000))
    mkdirSync(path.join(dir.path, 'copies'))
    writeFileSync(path.join(dir.path, 'copies/b'), 'x'.repeat(24))
    expect(await folderBytes(dir.path)).toBe(1024)
    dir.remove()
  })
})
