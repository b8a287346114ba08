import { describe, expect, it } from 'vitest'
import { AppError } from '../../../src/errors.ts'
import { withOperatorHints } from '../../../src/http/access/operator-hints.ts'
import { mapUseCases } from '../../../src/use-cases/use-cases.ts'

const SETTING = 'Set MCP1688_TMAPI_TOKEN to a valid one.'
const COMMAND = 'Run mcp-1688 authorize open1688.'
const OTHER = 'Call again later.'

const failure = (hint: string) => new AppError({ code: 'key_rejected', message: 'The key is refused.', hint })
const call = { signal: new AbortController().signal }

async function hintsOf(result: unknown): Promise<unknown> {
  const services = withOperatorHints(mapUseCases(() => async () => result))
  return services.getPreviews({ offerIds: [], mediaType: 'image/jpeg' }, call)
}

describe('for a caller over HTTP', () => {
  it.each([
    [SETTING, `For the operator of this server: ${SETTING}`],
    [COMMAND, `For the operator of this server: ${COMMAND}`],
    [OTHER, OTHER],
  ])('the hint of an error says whose it is: %s', async (hint, expected) => {
    const services = withOperatorHints(mapUseCases(() => () => Promise.reject(failure(hint))))
    await expect(services.getPreviews({ offerIds: [], mediaType: 'image/jpeg' }, call)).rejects.toMatchObject({
      code: 'key_rejected',
      hint: expected,
    })
  })

  it('so do remarks and the failures of single offers', async () => {
    const passedOver = { kind: 'passed_over', upstream: 'tmapi', hint: SETTING }
    const failed = [{ offerId: '1', error: failure(COMMAND) }]
    expect(await hintsOf({ remarks: [passedOver, { kind: 'sample' }], failed, page: 1 })).toMatchObject({
      remarks: [{ upstream: 'tmapi', hint: `For the operator of this server: ${SETTING}` }, { kind: 'sample' }],
      failed: [{ offerId: '1', error: { hint: `For the operator of this server: ${COMMAND}` } }],
      page: 1,
    })
  })

  it.each([
    [null],
    [7],
    ['text'],
    [new Uint8Array([1])],
    [[{ bytes: new Uint8Array([1]) }]],
    [{ details: { title: 'a' } }],
  ])('nothing else changes: %j', async result => {
    expect(await hintsOf(result)).toEqual(result)
  })
})
