/** Checks what is otherwise only used during a call: each upstream's key, the shared ledger and the picture model. */
import { type AppError, asAppError, throwIfAborted } from '../errors.ts'
import type { PictureReader } from '../pictures/reader.ts'
import type { CallOptions } from '../upstream-calls/call-options.ts'
import type { UpstreamClient } from '../upstream-calls/upstream-client.ts'
import type { ApiGrant } from '../upstreams/port.ts'
import type { Embedder } from '../vision/embedder.ts'

/** Comes with the package. */
const PROBE_PICTURE = 'sample:mug-01.webp'

export interface UpstreamCheck {
  upstream: string
  /** Credits that the check cost, or would cost where it was skipped. */
  credits: number
  /** `null` where the check was skipped because it may not spend credits. */
  answer: { grants: readonly ApiGrant[] } | { error: AppError } | null
  /** Whether its calls are counted in the shared ledger; `null` where nothing is counted. */
  isCounted: boolean | null
}

export interface EmbedderCheck {
  id: string
  /** Includes loading the model. */
  tookMs: number
  error: AppError | null
}

export interface Diagnosis {
  /** @param maySpend whether to check an upstream that charges for it. */
  checkUpstreams(maySpend: boolean, call: CallOptions): Promise<UpstreamCheck[]>
  checkEmbedder(call: CallOptions): Promise<EmbedderCheck>
}

export interface DiagnosisDeps {
  upstreams: readonly UpstreamClient[]
  embedder: Embedder
  pictureReader: PictureReader
}

/** Failures are part of the result; only an aborted call rejects. */
export function createDiagnosis({ upstreams, embedder, pictureReader }: DiagnosisDeps): Diagnosis {
  async function checkUpstreams(maySpend: boolean, call: CallOptions): Promise<UpstreamCheck[]> {
    const checks: UpstreamCheck[] = []
    for (const client of upstreams) {
      // Without a plan there is no key, and the upstream rejects the call before anything is sent.
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
