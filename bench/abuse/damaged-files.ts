/** Every file of the data folder, damaged in every way: is anything open to strangers, or neither healed nor named? */
import { prepareTrials, TRIALS, type Verdict } from '../../test/support/damage-trials.ts'

const AT_ONCE = 2

const trials = await prepareTrials()
const verdicts: Verdict[] = []
const left = [...TRIALS]
async function work(): Promise<void> {
  for (let next = left.shift(); next; next = left.shift()) verdicts.push(await trials.try(next.file, next.kind))
}
await Promise.all(Array.from({ length: AT_ONCE }, work))
await trials.close()

const count = (outcome: Verdict['outcome']) => verdicts.filter(verdict => verdict.outcome === outcome).length
const open = verdicts.filter(({ isOpen }) => isOpen)
console.log('| damaged files | open to strangers | healed | named, with what to do | neither |\n|---|---|---|---|---|')
console.log(`| ${verdicts.length} | ${open.length} | ${count('healed')} | ${count('said')} | ${count('silent')} |`)
for (const { file, kind, isOpen, outcome, output } of verdicts) {
  if (!isOpen && outcome !== 'silent') continue
  console.log(`\n${file}, ${kind}: ${isOpen ? 'open' : outcome}\n\n${output.slice(0, 3_000)}`)
  process.exitCode = 1
}
