/**
 * Every time limit of a call, in milliseconds, in two columns. What a caller waits for (`callerMs`) nests: each step lies within the one
 * that it names. What lives on the wire (`wireMs`) may outlive its caller: the answer was paid for, so it is kept for whoever asks next.
 */

interface Step {
  callerMs: number
  /** The step that this one is part of. */
  within?: string
  /** How long a server may be silent, before its headers and in its body. */
  wireMs?: number
}

/** Desktop hosts cut a call off at about 60 s, whatever progress it reports. */
const CALL_MS = 45_000

export const CALL_BUDGET = {
  call: { callerMs: CALL_MS },

  /** The picture that is searched for, redirects and second choices included. */
  picture: { within: 'call', callerMs: 10_000 },
  /** One step of decoding; below the limit of the worker that does it, so that the decoder's own words are heard. */
  decoding: { within: 'embedding', callerMs: 8_000 },
  embedding: { within: 'call', callerMs: 10_000 },
  /** A user's own model may have hundreds of megabytes; once loaded it stays. */
  modelLoading: { within: 'call', callerMs: CALL_MS, wireMs: 60_000 },
  /** One try of two. */
  embeddingService: { within: 'call', callerMs: 10_000, wireMs: 10_000 },

  /** All upstreams of a call; each has its share, so that a hanging one leaves time for the next. */
  upstreams: { within: 'call', callerMs: 40_000 },
  /** A turn at the limits of the last or only upstream. */
  queue: { within: 'upstreams', callerMs: 25_000 },
  /** The same where another upstream could answer. */
  queueBeforeNext: { within: 'queue', callerMs: 5_000 },
  /** The same where what is known of an index could be ranked instead. */
  queueForIndexPage: { within: 'queueBeforeNext', callerMs: 2_000 },
  connecting: { within: 'upstreams', callerMs: 5_000, wireMs: 5_000 },
  parse: { within: 'call', callerMs: CALL_MS, wireMs: 20_000 },
  open1688: { within: 'call', callerMs: CALL_MS, wireMs: 15_000 },
  /** What its page asks for. */
  tmapi: { within: 'call', callerMs: CALL_MS, wireMs: 60_000 },
  /** Another process that renews open1688's tokens. */
  tokenLock: { within: 'upstreams', callerMs: 20_000 },

  /** Comparing and syncing stop here and show what they have; the call's own end would cut that off as well. */
  batch: { within: 'call', callerMs: 38_000 },
  /** New pictures of the catalogue that a search would rank; comparing goes on without it. */
  indexingKnown: { within: 'call', callerMs: 12_000 },
  /** Pictures of the offers that an upstream found itself. */
  indexingFound: { within: 'call', callerMs: 3_000 },
  thumbnails: { within: 'call', callerMs: 20_000 },
  /** Pictures beside an answer for a model that sees. */
  previews: { within: 'thumbnails', callerMs: 6_000 },

  /** A place in `serve` for one more request of a key. */
  place: { within: 'call', callerMs: 250 },
  /** One document of the OAuth issuer. */
  issuer: { within: 'call', callerMs: 5_000, wireMs: 5_000 },
  /** What is under way when `serve` ends. */
  drain: { within: 'call', callerMs: 25_000 },
} as const satisfies Record<string, Step>
