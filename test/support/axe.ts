/** Checks how a page looks: its accessibility with axe-core, whether it fits, and whether its contents stay in place. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Frame } from 'playwright-core'
import { z } from 'zod'

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const reportSchema = z.object({
  violations: z.array(z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string() })) })),
  passes: z.array(z.unknown()),
})

/** @returns each violation as `rule: element`; every rule of axe-core is applied, unless one is named. */
export async function accessibilityViolations(frame: Frame, runOnly?: string): Promise<string[]> {
  if ((await frame.evaluate('typeof axe')) !== 'object') await frame.evaluate(SOURCE)
  const options = JSON.stringify({ resultTypes: ['violations'], ...(runOnly && { runOnly }) })
  const report = reportSchema.parse(await frame.evaluate(`axe.run(document, ${options})`))
  if (report.passes.length === 0) throw new Error('axe-core looked at nothing')
  return report.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`))
}

/**
 * A dark page is the same but for its colours.
 * @returns what axe-core finds, and whether the page is wider than its window.
 */
export async function flawsOf(frame: Frame, theme: 'light' | 'dark'): Promise<string[]> {
  const overflow = z.number().parse(await frame.evaluate('document.documentElement.scrollWidth - innerWidth'))
  const violations = await accessibilityViolations(frame, theme === 'dark' ? 'color-contrast' : undefined)
  return overflow > 0 ? [...violations, `${overflow} pixels too wide`] : violations
}

/** @returns how far contents have moved by themselves, as Cumulative Layout Shift counts it, or more. */
export async function layoutShiftOf(frame: Frame): Promise<number> {
  return z.number().parse(
    await frame.evaluate(`new Promise(resolve => {
      let sum = 0
      new PerformanceObserver(list => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value
      }).observe({ type: 'layout-shift', buffered: true })
      setTimeout(() => resolve(sum), 60)
    })`),
  )
}
