/** Checks a page's accessibility with axe-core. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Frame } from 'playwright-core'
import { z } from 'zod'

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const reportSchema = z.object({
  violations: z.array(z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string() })) })),
  passes: z.array(z.unknown()),
})

/** @returns each violation as `rule: element`; every rule of axe-core is applied. */
export async function accessibilityViolations(frame: Frame): Promise<string[]> {
  await frame.evaluate(SOURCE)
  const report = reportSchema.parse(await frame.evaluate('axe.run(document, { resultTypes: ["violations"] })'))
  if (report.passes.length === 0) throw new Error('axe-core looked at nothing')
  return report.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`))
}
