import { expect, it } from 'vitest'
import { AppError } from '../../../src/errors.ts'
import { errorText } from '../../../src/tools/reply.ts'
import { tmapi } from '../../../src/upstreams/tmapi/upstream.ts'
import { type OrderedAnswer, picturePath } from '../../support/listings.ts'
import { errorOf, failureText, JPEG, openTmapi, pictureOf, SIGNAL } from '../../support/live-upstreams.ts'

/** Must never appear in a reply. */
const FOREIGN = 'FOREIGN-TEXT'
const texts: string[] = []

function keep(name: string, text: string): void {
  expect(text).not.toContain(FOREIGN)
  expect(text).not.toContain('canary')
  texts.push(`## ${name}\n${text}\n`)
}

const inBody = (code: unknown): OrderedAnswer => ({ status: 200, body: { code, msg: FOREIGN, data: null } })
const PAGE = { page: 1, pageSize: 20 }

it('reports a wrong token and an empty balance (439)', async () => {
  const { upstream } = await openTmapi({}, { token: 'another' })
  keep('a wrong token', failureText(await errorOf(upstream.fetchDetails('610000000001', SIGNAL)), tmapi.retries))
  const { upstream: poor } = await openTmapi({ balance: 1 })
  await poor.fetchDetails('610000000001', SIGNAL)
  keep('no balance', failureText(await errorOf(poor.fetchDetails('610000000001', SIGNAL)), tmapi.retries))
})

it('reports a picture that cannot be fetched (417)', async () => {
  const { pictures } = await openTmapi()
  const dead = pictures.register(pictureOf(JPEG.bytes, 'https://dead.example/cup.jpg'), SIGNAL)
  keep('417, converting', failureText(await errorOf(dead), tmapi.retries))
  const foreign = pictures.fetchMatches('https://shop.example/cup.jpg', PAGE, SIGNAL)
  keep('417, searching', failureText(await errorOf(foreign), tmapi.retries))
  const { server, upstream } = await openTmapi()
  server.answerNext(inBody(417), inBody('417'))
  keep('417, details', failureText(await errorOf(upstream.fetchDetails('610000000001', SIGNAL)), tmapi.retries))
  const words = Promise.resolve(upstream.keywords?.fetchByKeyword('杯', PAGE, SIGNAL))
  keep('417, words', failureText(await errorOf(words), tmapi.retries))
})

it('reports parameters out of range and an offer that does not exist (422)', async () => {
  const { upstream, pictures } = await openTmapi()
  const picture = `https://cbu01.alicdn.com${picturePath(0)}`
  const tooMany = pictures.fetchMatches(picture, { page: 1, pageSize: 50 }, SIGNAL)
  keep('422, search', failureText(await errorOf(tooMany), tmapi.retries))
  keep('422, details', failureText(await errorOf(upstream.fetchDetails('7999999999', SIGNAL)), tmapi.retries))
})

it('does not take a missing route for a missing offer', async () => {
  const { server, upstream } = await openTmapi()
  const details = () => errorOf(upstream.fetchDetails('610000000001', SIGNAL))
  const bodies = [{ message: 'no Route matched with those values' }, 'Not Found', { code: 404, msg: 'no such API' }]
  for (const body of bodies) {
    server.answerNext({ status: 404, body })
    keep(`404, details: ${JSON.stringify(body)}`, failureText(await details(), tmapi.retries))
  }
  server.answerNext(inBody(404), { status: 422, body: { detail: FOREIGN } })
  expect(await details()).toMatchObject({ code: 'not_found' })
  expect(await details()).toMatchObject({ code: 'upstream_rejected' })
})

it.each<[string, OrderedAnswer]>([
  ['no data', { status: 200, body: { code: 200, msg: 'success', data: null } }],
  ['a complaint without data', { status: 200, body: { code: 200, msg: FOREIGN, data: null } }],
  ['only an error', { status: 200, body: { error: FOREIGN } }],
  ['only an error about the token', { status: 200, body: { error: `${FOREIGN} invalid token` } }],
])('%s instead of details', async (name, answer) => {
  const { server, upstream } = await openTmapi()
  server.answerNext(answer)
  keep(`${name}, details`, failureText(await errorOf(upstream.fetchDetails('610000000001', SIGNAL)), tmapi.retries))
})

it.each<[string, OrderedAnswer]>([
  ['no URL', { status: 200, body: { code: 200, msg: 'success', data: { image_url: null } } }],
  ['no data', { status: 200, body: { code: 200, msg: 'success', data: null } }],
  ['an unlisted code', inBody(470)],
])('%s instead of a converted picture', async (name, answer) => {
  const { server, pictures } = await openTmapi()
  server.answerNext(answer)
  const call = pictures.register(pictureOf(JPEG.bytes, 'https://shop.example/cup.jpg'), SIGNAL)
  keep(`${name}, converting`, failureText(await errorOf(call), tmapi.retries))
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
  keep(name, failureText(await errorOf(Promise.resolve(search)), tmapi.retries))
  expect(server.calls).toHaveLength(1)
})

it('names the missing variable, without a call', async () => {
  const { server, upstream } = await openTmapi({}, { token: null })
  const error: unknown = await upstream.fetchDetails('610000000001', SIGNAL).catch(thrown => thrown)
  if (!(error instanceof AppError)) throw error
  keep('no token', errorText(error))
  expect(server.calls).toEqual([])
})

it('words each failure for agents as in the snapshot', async () => {
  await expect(texts.join('\n')).toMatchFileSnapshot('failures.snap.txt')
})
