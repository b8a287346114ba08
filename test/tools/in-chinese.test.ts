import { expect, it } from 'vitest'
import { AppError } from '../../src/errors.ts'
import { inChinese } from '../../src/tools/in-chinese.ts'

const SAID = { remarks: [{ kind: 'sample_data' as const }], query: 'picked photo' }
const client = { showsPages: false, lacksPages: false, opensAddresses: false }
const error = new AppError({ code: 'rate_limited', message: 'Too many calls.', hint: 'Wait.', retryAfterMs: 2_300 })

it('pages get the words of a reply in Chinese, clients that say they have none do not', async () => {
  expect(await inChinese(SAID, client)).toEqual({ note: expect.stringMatching(/^示例数据：/), query: '所选照片' })
  expect(await inChinese(SAID, { ...client, lacksPages: true })).toBeNull()
  expect(await inChinese(SAID, undefined)).toBeNull()
  expect(await inChinese({ query: 'https://example.com/mug.jpg' }, client)).toBeNull()
})

it('an error is said in Chinese, alone and of a compared offer', async () => {
  expect(await inChinese({ error }, client)).toEqual({ problem: '请求过于频繁。3 秒后可重试。' })
  expect(await inChinese({ failures: [{ reference: '10001', error }] }, client)).toEqual({
    note: '10001：请求过于频繁。',
  })
})
