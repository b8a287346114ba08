/** Makes calls through a real server and gives most of them up at random moments, then compares two counts of credits. */
import { setTimeout as sleep } from 'node:timers/promises'
import { makeIndexRows } from '../support/index-rows.ts'
import { startParseServer } from '../support/parse-server.ts'
import { makeTempDir } from '../support/program.ts'
import { seededRandom } from '../support/seeded-random.ts'
import { startServe } from '../support/serve-process.ts'
import { addKey, toolCall } from './service.ts'

const OFFERS = 600
const CREDITS = 100_000
const TIER_CREDITS = 5_000

/** Calls of one key in progress; more than 32 would be refused. */
const AT_ONCE = 25

export interface GivenUpOptions {
  calls: number
  keys: number
  /** Of the upstream: a low one makes calls wait, so that some are given up before anything is sent. */
  ratePerMinute: number
  seed: number
}

export interface GivenUp {
  answered: number
  givenUp: number
  /** By the stand-in. */
  sent: number
  /** On the accounts of all keys. */
  charged: number
}

export async function giveUpCalls({ calls, keys, ratePerMinute, seed }: GivenUpOptions): Promise<GivenUp> {
  const random = seededRandom(seed)
  const rows = makeIndexRows(OFFERS, ['https://cbu01.alicdn.com/img/ibank/one.jpg'])
  const delayMs = () => random() * 200
  const upstream = await startParseServer({ rows, credits: CREDITS, delayMs })
  const dir = makeTempDir()
  const holders = await Promise.all(Array.from({ length: keys }, () => addKey(dir)))
  const server = await startServe(dir.path, {
    MCP1688_PARSE_BASE_URL: upstream.url,
    MCP1688_PARSE_API_KEY: upstream.key,
    MCP1688_TIER: 'developer',
    MCP1688_RATE_PER_MINUTE: String(ratePerMinute),
    MCP1688_CREDITS_PER_MONTH: String(CREDITS),
  })
  const mcp = (key: string, name: string, input: Record<string, unknown>, signal: AbortSignal | null = null) => {
    const { headers, ...rest } = toolCall(name, input)
    return fetch(`${server.url}/mcp`, { ...rest, headers: { ...headers, 'x-api-key': key }, signal })
  }
  // Few enough to be asked for by several callers at once, and answered from the cache later.
  const offerId = () => rows[Math.floor(random() * rows.length)]?.offer_id ?? ''
  const call = (key: string, signal: AbortSignal) => {
    const kind = random()
    if (kind < 0.4) return mcp(key, 'get_product_details', { offer_id: offerId() }, signal)
    if (kind < 0.6) return mcp(key, 'compare_products', { offer_ids: [offerId(), offerId(), offerId()] }, signal)
    return fetch(`${server.url}/get_product_details?offer_id=${offerId()}`, { headers: { 'x-api-key': key }, signal })
  }

  let answered = 0
  let givenUp = 0
  let left = calls
  const caller = async (key: string): Promise<void> => {
    while (left-- > 0) {
      const leaving = new AbortController()
      const timer = random() < 0.8 ? setTimeout(() => leaving.abort(), random() * 400) : null
      try {
        await (await call(key, leaving.signal)).text()
        answered++
      } catch {
        givenUp++
      }
      if (timer) clearTimeout(timer)
    }
  }
  await Promise.all(holders.flatMap(({ text }) => Array.from({ length: AT_ONCE }, () => caller(text))))

  const chargedTo = async (key: string): Promise<number> => {
    const creditsLeft = /"credits_left":(\d+)/.exec(await (await mcp(key, 'get_usage', {})).text())?.[1]
    return TIER_CREDITS - Number(creditsLeft)
  }
  const count = async () => {
    const charged = await Promise.all(holders.map(({ text }) => chargedTo(text)))
    return { sent: CREDITS - upstream.creditsLeft(), charged: charged.reduce((sum, credits) => sum + credits, 0) }
  }
  // Requests outlive their callers by up to the stand-in's delay, and are charged once they are answered.
  let counts = await count()
  for (let tries = 0; tries < 20 && (tries < 4 || counts.sent !== counts.charged); tries++) {
    await sleep(250)
    counts = await count()
  }
  await server.close()
  await upstream.close()
  dir.remove()
  return { answered, givenUp, ...counts }
}
