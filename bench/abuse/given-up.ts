/** A thousand calls of key holders, most of them given up at random moments: what was sent is charged, and only that. */
import { giveUpCalls } from '../../test/http/given-up.ts'

const [seed = '1'] = process.argv.slice(2)

const { answered, givenUp, sent, charged } = await giveUpCalls({
  calls: 1_000,
  keys: 8,
  ratePerMinute: 1_500,
  seed: Number(seed),
})
console.log('| answered | given up | credits sent | credits charged | difference |\n|---|---|---|---|---|')
console.log(`| ${answered} | ${givenUp} | ${sent} | ${charged} | ${charged - sent} |`)
if (charged !== sent) process.exitCode = 1
