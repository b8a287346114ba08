import { expect, it } from 'vitest'
import type { ToolContext } from '../../../src/tools/define.ts'
import { runTool } from '../../../src/tools/run.ts'
import { pickPhoto } from '../../../src/tools/search/pick-photo.ts'
import { createStubServices } from '../../http/stub-services.ts'

const logger = { debug() {}, info() {}, warn() {}, error() {} }
const ASKS = { showsPages: false, lacksPages: true, opensAddresses: true }
const OPENED = { address: 'http://127.0.0.1:7/photo/one', handle: 'photo:CCCCCCCCCCCCCCCCCCCCCC', expiresAt: 0 }

function pick(context: Partial<ToolContext>) {
  const { signal } = new AbortController()
  return runTool(pickPhoto, {}, { services: createStubServices(), signal, client: ASKS, ...context }, logger)
}

it('asks a person whose client opens addresses, once', async () => {
  const { question } = await pick({})
  expect(question?.address).toMatch(/\/photo\/A{22}$/)
  expect((await pick({ client: { ...ASKS, opensAddresses: false } })).question).toBeNull()
  const answer = { isAccepted: false, state: String(question?.state) }
  expect(await pick({ answer })).toMatchObject({ question: null, structured: { address: question?.address } })
})

it('gives the address of the open page if no photo came in time', async () => {
  const reply = await pick({ answer: { isAccepted: true, state: JSON.stringify(OPENED) } })
  expect(reply.structured).toMatchObject({ address: OPENED.address, image_url: OPENED.handle })
})

it('searches once the photo is there', async () => {
  const services = { ...createStubServices(), awaitPhoto: async () => true }
  const reply = await pick({ services, answer: { isAccepted: true, state: JSON.stringify(OPENED) } })
  expect(reply.structured).toMatchObject({ query_image_url: OPENED.handle, image_url: OPENED.handle })
})

it('leaves a client that shows pages to the picker, unless the browser is wanted', async () => {
  const client = { showsPages: true, lacksPages: false, opensAddresses: true }
  expect(await pick({ client })).toMatchObject({
    question: null,
    structured: { next: expect.stringMatching(/in the chat/) },
  })
  const { signal } = new AbortController()
  const context = {
    services: createStubServices(),
    signal,
    client: { showsPages: true, lacksPages: false, opensAddresses: false },
  }
  const reply = await runTool(pickPhoto, { in_browser: true }, context, logger)
  expect(reply.structured).toMatchObject({ address: expect.stringMatching(/A{22}$/) })
})

it.each(['', 'undefined', '{}', '[]', '{"address":1}'])(
  'opens a new page for the state %j, without asking',
  async state => {
    const reply = await pick({ answer: { isAccepted: true, state } })
    expect(reply).toMatchObject({ question: null, structured: { address: expect.stringMatching(/A{22}$/) } })
  },
)
