import { expect, it } from 'vitest'
import { AppError } from '../../../src/errors.ts'
import { errorText } from '../../../src/tools/reply.ts'
import { tmapi } from '../../../src/upstreams/tmapi/upstream.ts'
import { type OrderedAnswer, picturePath } from '../../support/listings.ts'
import {
  createFailureTexts,
  errorOf,
  FOREIGN,
  JPEG,
  openTmapi,
  pictureOf,
  SIGNAL,
} from '../../support/live-upstreams.ts'

const { keep, keepText, all } = createFailureTexts(tmapi.retries)

const inBody = (code: unknown): OrderedAnswer => ({ status: 200, body: { code, msg: FOREIGN, data: null } })
const PAGE = { page: 1, pageSize: 20 }

it('reports a wrong token and an empty balance (439)', async () => {
  const { upstream } = await openTmapi({}, { token: 'another' })
  await keep('a wrong token', upstream.fetchDetails('610000000001', SIGNAL))
  const { upstream: poor } = await openTmapi({ balance: 1 })
  await poor.fetchDetails('610000000001', SIGNAL)
  await keep('no balance', poor.fetchDetails('610000000001', SIGNAL))
})

it('reports a picture that cannot be fetched (417)', async () => {
  const { pictures } = await openTmapi()
  const dead = pictures.register(pictureOf(JPEG.bytes, 'https://dead.example/cup.jpg'), SIGNAL)
  await keep('417, converting', dead)
  const foreign = pictures.fetchMatches('https://shop.example/cup.jpg', PAGE, SIGNAL)
  await keep('417, searching', foreign)
  const { server, upstream } = await openTmapi()
  server.answerNext(inBody(417), inBody('417'))
  await keep('417, details', upstream.fetchDetails('610000000001', SIGNAL))
  const words = Promise.resolve(upstream.keywords?.fetchByKeyword('杯', PAGE, SIGNAL))
  await keep('417, words', words)
})

it('reports parameters out of range and an offer that does not exist (422)', async () => {
  const { upstream, pictures } = await openTmapi()
  const picture = `https://cbu01.alicdn.com${picturePath(0)}`
  const tooMany = pictures.fetchMatches(picture, { page: 1, pageSize: 50 }, SIGNAL)
  await keep('422, search', tooMany)
  await keep('422, details', upstream.fetchDetails('7999999999', SIGNAL))
})

it('does not take a missing route for a missing offer', async () => {
  const { server, upstream } = await openTmapi()
  const details = () => upstream.fetchDetails('610000000001', SIGNAL)
  const bodies = [{ message: 'no Route matched with those values' }, 'Not Found', { code: 404, msg: 'no such API' }]
  for (const body of bodies) {
    server.answerNext({ status: 404, body })
    await keep(`404, details: ${JSON.stringify(body)}`, details())
  }
  server.answerNext(inBody(404), { status: 422, body: { detail: FOREIGN } })
  expect(await errorOf(details())).toMatchObject({ code: 'not_found' })
  expect(await errorOf(details())).toMatchObject({ code: 'upstream_rejected' })
})

it.each<[string, OrderedAnswer]>([
  ['no data', { status: 200, body: { code: 200, msg: 'success', data: null } }],
  ['a complaint without data', { status: 200, body: { code: 200, msg: FOREIGN, data: null } }],
  ['only an error', { status: 200, body: { error: FOREIGN } }],
  ['only an error about the token', { status: 200, body: { error: `${FOREIGN} invalid token` } }],
])('%s instead of details', async (name, answer) => {
  const { server, upstream } = await openTmapi()
  server.answerNext(answer)
  await keep(`${name}, details`, upstream.fetchDetails('610000000001', SIGNAL))
})

it.each<[string, OrderedAnswer]>([
  ['no URL', { status: 200, body: { code: 200, msg: 'success', data: { image_url: null } } }],
  ['no data', { status: 200, body: { code: 200, msg: 'success', data: null } }],
  ['an unlisted code', inBody(470)],
])('%s instead of a converted picture', async (name, answer) => {
  const { server, pictures } = await openTmapi()
  server.answerNext(answer)
  const call = pictures.register(pictureOf(JPEG.bytes, 'https://shop.example/cup.jpg'), SIGNAL)
  await keep(`${name}, converting`, call)
})

it.each<[string, OrderedAnswer]>([
  ['401', inBody(401)],
  ['402', inBody(402)],
  ['403', inBody('403')],
  ['429', inBody(429)],
  ['429 with Retry-After', { status: 429, body: { msg: FOREIGN }, headers: { 'retry-after': '7' } }],
  ['439 as a string', inBody('439')],
  ['499', inBody(499)],
  ['500', inBody(500)],
  ['503', inBody(503)],
  ['an unknown code', inBody(418)],
  ['an unknown 5xx code', inBody(599)],
  ['an unknown code of five digits', inBody(40_012)],
  ['an unknown code about the rate', { status: 200, body: { code: 460, msg: `${FOREIGN} too many requests` } }],
  ['an unknown code about the balance', { status: 200, body: { code: 461, msg: `${FOREIGN} insufficient balance` } }],
  ['an unknown code about the token', { status: 200, body: { code: 462, msg: `${FOREIGN} invalid apiToken` } }],
  ['503 of a gateway', { status: 503, body: { message: FOREIGN } }],
  ['HTTP 500 with HTML', { status: 500, body: `<html>${FOREIGN}</html>` }],
  ['HTTP 500 with code 200', { status: 500, body: { code: 200, msg: FOREIGN } }],
  ['HTTP 502', { status: 502, body: FOREIGN }],
  ['HTTP 404', { status: 404, body: FOREIGN }],
  ['HTTP 200 with HTML', { status: 200, body: `<html>${FOREIGN}</html>` }],
  ['another shape', { status: 200, body: { code: 200, data: { items: FOREIGN } } }],
  ['no readable row', { status: 200, body: { code: 200, data: { items: [{ item_id: FOREIGN }] } } }],
  ['no answer in time', 'hang'],
  ['a reset', 'reset'],
])('%s', async (name, answer) => {
  const { server, upstream } = await openTmapi({}, { timeoutMs: 300 })
  server.answerNext(answer)
  const search = upstream.keywords?.fetchByKeyword('杯', PAGE, SIGNAL)
  await keep(name, Promise.resolve(search))
  expect(server.calls).toHaveLength(1)
})

it('names the missing variable, without a call', async () => {
  const { server, upstream } = await openTmapi({}, { token: null })
  const error: unknown = await upstream.fetchDetails('610000000001', SIGNAL).catch(thrown => thrown)
  if (!(error instanceof AppError)) throw error
  keepText('no token', errorText(error))
  expect(server.calls).toEqual([])
})

it('words each failure for agents as in the snapshot', async () => {
  await expect(all()).toMatchFileSnapshot('failures.snap.txt')
})
