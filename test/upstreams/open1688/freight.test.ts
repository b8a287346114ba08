import { describe, expect, it } from 'vitest'
import { AppError } from '../../../src/errors.ts'
import { codesOf } from '../../../src/upstreams/open1688/division-codes.ts'
import { open1688 } from '../../../src/upstreams/open1688/upstream.ts'
import { createFailureTexts, errorOf, FOREIGN, LISTINGS, openOpen1688, SIGNAL } from '../../support/live-upstreams.ts'

const API = 'product.freight.estimate'
const [listing] = LISTINGS
const query = { offerId: String(listing?.id), province: '广东省', quantity: 100, weightKg: null }

describe('open1688: domestic freight', () => {
  const open = async () => {
    const { upstream, gateway } = await openOpen1688()
    const { extras } = upstream
    if (!extras?.fetchFreight) throw new Error('no freight')
    return { fetchFreight: extras.fetchFreight, gateway }
  }
  const body = (result: unknown) => ({
    status: 200,
    body: { success: true, code: '200', result: { success: true, result } },
  })

  it('is estimated for the capital of the province, in yuan', async () => {
    const { fetchFreight } = await open()
    expect((await fetchFreight(query, SIGNAL)).value).toEqual({ feeCny: 22.5 })
    expect(codesOf('广东省')).toEqual({ province: '440000', city: '440100', district: '440106' })
  })

  it('is nothing where the seller pays, and unknown is not nothing', async () => {
    const { fetchFreight, gateway } = await open()
    gateway.answerNext(API, body({ freight: null, freePostage: true }))
    expect((await fetchFreight(query, SIGNAL)).value).toEqual({ feeCny: 0 })
    for (const freight of [null, '', '-', -1, 'NaN', '1e9']) {
      gateway.answerNext(API, body({ freight, freePostage: false }))
      expect((await errorOf(fetchFreight(query, SIGNAL))).code, String(freight)).toBe('upstream_changed')
    }
  })

  it('to a province without codes is refused before anything is sent', async () => {
    const { fetchFreight, gateway } = await open()
    const refused = async () => fetchFreight({ ...query, province: '台湾省' }, SIGNAL)
    await expect(refused()).rejects.toThrow(AppError)
    expect(gateway.count(API)).toBe(0)
  })

  it.each(['内蒙古自治区', '黑龙江省', '新疆维吾尔自治区', '重庆市', '陕西省', '山西省'])(
    'knows the codes of %s',
    name => {
      const codes = codesOf(name)
      expect(codes?.district.slice(0, 2)).toBe(codes?.province.slice(0, 2))
    },
  )

  it('explains every failure without a word of the platform', async () => {
    const { fetchFreight, gateway } = await open()
    const texts = createFailureTexts(open1688.retries)
    const failures = {
      'not granted': { status: 403, body: { error_code: 'gw.acl', error_message: FOREIGN } },
      'used up': { status: 400, body: { error_code: 'gw.NoUsageLeftError', error_message: FOREIGN } },
      'too fast': { status: 400, body: { error_code: 'gw.QosAppFrequencyLimit', error_message: FOREIGN } },
      'no such offer': { status: 200, body: { result: { success: false, code: 'SP0056', message: FOREIGN } } },
      'internal error': { status: 502, body: FOREIGN },
      'another shape': { status: 200, body: { result: { success: true, result: FOREIGN } } },
    }
    for (const [name, answer] of Object.entries(failures)) {
      gateway.answerNext(API, answer)
      await texts.keep(name, fetchFreight(query, SIGNAL))
    }
    await expect(texts.all()).toMatchFileSnapshot('freight-failures.snap.txt')
  })
})
