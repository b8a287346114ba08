/**
 * Every time limit of a call, in milliseconds, in two columns. The times a caller waits (`callerMs`) nest: each step
 * lies within the one it names. A request on the wire (`wireMs`) may outlive its caller: its answer is paid for, so it
 * is cached.
 */

interface Step {
  callerMs: number
  within?: string
  /** How long a server may be silent, before its headers and in its body. */
  wireMs?: number
}

/** Desktop hosts end a call after about 60 s, whatever progress it reports. */
const CALL_MS = 45_000

/** For a call from a terminal, which has no deadline: longer than any known limit makes it wait. */
export const NO_DEADLINE_MS = 86_400_000

export const CALL_BUDGET = {
  call: { callerMs: CALL_MS },

  /** Reading the query picture, redirects and alternatives included. */
  picture: { within: 'call', callerMs: 10_000 },
  /** A search waits this long for a photo that a person is about to send; sending it may take longer. */
  upload: { within: 'call', callerMs: 10_000, wireMs: 60_000 },
  /** The same, once the client has opened the page for the person: the rest of the call is for the search. */
  openedPage: { within: 'call', callerMs: 40_000 },
  /** The program that reads the clipboard. */
  clipboard: { within: 'picture', callerMs: 3_000 },
  /** One decoding step; below the pool's limit, so that the decoder reports its own error first. */
  decoding: { within: 'embedding', callerMs: 8_000 },
  embedding: { within: 'call', callerMs: 10_000 },
  /** What is being decoded when stdin ends; then it fails. A first search takes a second, and exit comes within two. */
  decodingAtEnd: { within: 'embedding', callerMs: 1_400 },
  /** A user's own model may be hundreds of megabytes; once loaded, it stays in memory. */
  modelLoading: { within: 'call', callerMs: CALL_MS, wireMs: 60_000 },
  /** One of two attempts. */
  embeddingService: { within: 'call', callerMs: 10_000, wireMs: 10_000 },

  /** All upstreams of a call; each gets a share, so that one that hangs leaves time for the next. */
  upstreams: { within: 'call', callerMs: 40_000 },
  /** Waiting for the limits of the last or only upstream. */
  queue: { within: 'upstreams', callerMs: 25_000 },
  /** The same, if another upstream could answer. */
  queueBeforeNext: { within: 'queue', callerMs: 5_000 },
  /** The same, if the index pages already mirrored could be ranked instead. */
  queueForIndexPage: { within: 'queueBeforeNext', callerMs: 2_000 },
  connecting: { within: 'upstreams', callerMs: 5_000, wireMs: 5_000 },
  parse: { within: 'call', callerMs: CALL_MS, wireMs: 20_000 },
  open1688: { within: 'call', callerMs: CALL_MS, wireMs: 15_000 },
  /** As TMAPI's documentation recommends. */
  tmapi: { within: 'call', callerMs: CALL_MS, wireMs: 60_000 },
  /** Waiting for another process to renew open1688's tokens. */
  tokenLock: { within: 'upstreams', callerMs: 20_000 },

  /** Comparing and syncing stop here and return what they have, which the end of the call would discard. */
  batch: { within: 'call', callerMs: 38_000 },
  /** Embedding new catalogue pictures before a search; it continues in the background. */
  indexingKnown: { within: 'call', callerMs: 12_000 },
  /** Embedding pictures of the offers an upstream found. */
  indexingFound: { within: 'call', callerMs: 3_000 },
  thumbnails: { within: 'call', callerMs: 20_000 },
  /** Pictures attached to a reply for a vision model. */
  previews: { within: 'thumbnails', callerMs: 6_000 },

  /** Asking a public source for an exchange rate. */
  exchangeRate: { within: 'call', callerMs: 5_000, wireMs: 5_000 },

  /** Waiting in `serve` for one of the key's concurrent requests to finish. */
  requestSlot: { within: 'call', callerMs: 250 },
  /** Fetching one document of the OAuth issuer. */
  issuer: { within: 'call', callerMs: 5_000, wireMs: 5_000 },
  /** Finishing requests in flight when `serve` stops. */
  drain: { within: 'call', callerMs: 25_000 },
} as const satisfies Record<string, Step>
