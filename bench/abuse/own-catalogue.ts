/** An own catalogue of 1,000 imported offers and what happens to its file: how many are left. */
import { faultOf, OWN_TRIALS } from '../../test/support/own-trials.ts'

const OFFERS = Number(process.env.OFFERS ?? 1_000)

console.log('| what happened to own.db | catalogue.db | imported | left | said |\n|---|---|---|---|---|')
for (const trial of OWN_TRIALS) {
  for (const isCatalogueLost of trial.isDamage ? [false, true] : [false]) {
    const result = await trial.run(OFFERS, isCatalogueLost)
    const fault = faultOf(trial, result)
    const said = fault ?? (/[^.]*restored[^.]*\./.exec(result.note)?.[0].trim() || '-')
    console.log(
      `| ${trial.kind} | ${isCatalogueLost ? 'lost' : 'sound'} | ${result.imported} | ${result.left} | ${said} |`,
    )
    if (fault !== null) process.exitCode = 1
  }
}
