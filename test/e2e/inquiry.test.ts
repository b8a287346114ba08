import { expect, it } from 'vitest'
import { WIRES } from '../support/clients.ts'
import { connectInProcess } from '../support/in-process.ts'
import { DEMO_PHOTO } from '../support/pictures.ts'
import { makeTempDir } from '../support/program.ts'
import { stable } from './cases.ts'

it.each(WIRES)('drafts a message to a seller in two languages (%s)', async wire => {
  const dir = makeTempDir()
  const client = await connectInProcess(dir.path, { MCP1688_TOOLS: 'core,draft_inquiry' }, wire)
  const found = await client.call('search_by_image', { image_url: DEMO_PHOTO, page_size: 1 })
  const [, offerId = ''] = /^(\d{5})\b/m.exec(found.text) ?? []
  const input = { offer_id: offerId, quantity: 500, target_price: 2.5, destination: '义乌' }
  const reply = await client.call('draft_inquiry', input)
  await expect(stable(reply)).toMatchFileSnapshot('inquiry.snap.txt')
  const wrong = await client.call('draft_inquiry', { offer_id: offerId })
  expect(wrong.text).toContain('quantity is missing')
  await client.close()
  dir.remove()
})
