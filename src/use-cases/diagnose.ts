/**
 * Finds out whether the parts work that are only used during a call: each upstream's key, the shared ledger, and the
 * model that compares pictures.
 */
import { type AppError, asAppError, throwIfAborted } from '../errors.ts'
import type { PictureReader } from '../pictures/reader.ts'
import type { CallOptions } from '../upstream-calls/call-options.ts'
import type { UpstreamClient } from '../upstream-calls/upstream-client.ts'
import type { ApiGrant } from '../upstreams/port.ts'
import type { Embedder } from '../vision/embedder.ts'

/** A picture that is always at hand. */
const PROBE_PICTURE = 'sample:mug-01.webp'

/** What came of asking one upstream. */
export interface UpstreamCheck {
  upstream: string
  /** Credits that asking costs, or cost. */
  credits: number
  /** `null` where it was not asked, because that would have cost more than was allowed. */
  answer: { grants: readonly ApiGrant[] } | { error: AppError } | null
  /** Whether its calls are counted in a ledger that all processes share; `null` where nothing is counted. */
  isCounted: boolean | null
}

/** What came of comparing a picture. */
export interface EmbedderCheck {
  id: string
  /** Milliseconds, the loading of the model included. */
  tookMs: number
  error: AppError | null
}

export interface CheckUp {
  /** Asks one upstream after another. @param maySpend whether one is asked, too, that has no free way to tell. */
  checkUpstreams(maySpend: boolean, call: CallOptions): Promise<UpstreamCheck[]>
  checkEmbedder(call: CallOptions): Promise<EmbedderCheck>
}

export interface CheckUpDeps {
  upstreams: readonly UpstreamClient[]
  embedder: Embedder
  pictureReader: PictureReader
}

/** Makes the use case; what does not work is in its answer. */
export function createCheckUp({ upstreams, embedder, pictureReader }: CheckUpDeps): CheckUp {
  async function checkUpstreams(maySpend: boolean, call: CallOptions): Promise<UpstreamCheck[]> {
    const checks: UpstreamCheck[] = []
    for (const client of upstreams) {
      // Without a plan there is no key, and the upstream says so before anything is sent.
      const isAsked = maySpend || client.creditsPerCheck === 0 || client.plan === null
      const asked = isAsked ? await client.checkAccess(call).catch(asAppError) : null
      throwIfAborted(call.signal)
      const answer = asked === null ? null : 'value' in asked ? { grants: asked.value } : { error: asked }
      const credits = asked === null ? client.creditsPerCheck : asked.creditsSpent
      checks.push({ upstream: client.name, credits, answer, isCounted: client.plan ? !client.limitsNotShared : null })
    }
    return checks
  }

  async function checkEmbedder({ signal }: CallOptions): Promise<EmbedderCheck> {
    const startedAt = performance.now()
    const tookMs = () => Math.round(performance.now() - startedAt)
    try {
      const { bytes } = await pictureReader.read(PROBE_PICTURE, signal)
      await embedder.embed(bytes, 'query', signal)
      return { id: embedder.id, tookMs: tookMs(), error: null }
    } catch (thrown) {
      throwIfAborted(signal)
      return { id: embedder.id, tookMs: tookMs(), error: asAppError(thrown) }
    }
  }

  return { checkUpstreams, checkEmbedder }
}
