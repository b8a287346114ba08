/** An index behind a mirror. */
import path from 'node:path'
import { onTestFinished } from 'vitest'
import { createSqliteCatalogue } from '../../src/catalogue/sqlite/catalogue.ts'
import { AppError } from '../../src/errors.ts'
import { IN_MEMORY } from '../../src/store/sqlite.ts'
import { createMirror } from '../../src/upstream-calls/index-mirror.ts'
import { parseIndexPage } from '../../src/upstreams/parse/mapping.ts'
import { makeIndexRows } from './index-rows.ts'
import { ROOT } from './program.ts'

export const DAY_MS = 86_400_000
const PAGE = 20

/** An index of `size` rows behind a mirror, with every page that was paid for; those that are `bought` come from another process. */
export function mirrorOfIndex(
  size: number,
  options: {
    announced?: number | null
    fail?: (page: number) => boolean
    before?: Promise<void>
    bought?: (page: number) => boolean
    creditsPerPage?: number
  } = {},
) {
  const catalogue = createSqliteCatalogue({ file: IN_MEMORY, distDir: path.join(ROOT, 'dist') })
  onTestFinished(() => catalogue.close())
  const rows = makeIndexRows(size, ['https://cbu01.alicdn.com/img/ibank/a.jpg'])
  const paid: number[] = []
  const waits: (number | undefined)[] = []
  const clock = { now: 1_000_000 }
  const answered = new Set<string>()
  const mirror = () =>
    createMirror({
      catalogue,
      source: 'parse',
      index: {
        maxPageSize: PAGE,
        fetchPage: async (page, { maxWaitMs }) => {
          waits.push(maxWaitMs)
          await options.before
          if (options.fail?.(page)) throw new AppError({ code: 'upstream_unavailable', message: 'no', hint: 'later' })
          const creditsSpent = options.bought?.(page) ? 0 : 1
          if (creditsSpent > 0) paid.push(page)
          const products = rows.slice((page - 1) * PAGE, page * PAGE)
          const total_found = options.announced === undefined ? size : options.announced
          const value = parseIndexPage({ data: { products, ...(total_found === null ? {} : { total_found }) } })
          return { value, creditsSpent, retrievedAt: clock.now, staleBecause: null }
        },
      },
      creditsPerPage: options.creditsPerPage ?? 1,
      ttlMs: 7 * DAY_MS,
      oncePerSearch: async (searchId, call, fill) => {
        if (answered.has(searchId) && !call.refresh) return { creditsSpent: 0 }
        const filled = await fill(call)
        answered.add(searchId)
        return filled
      },
      now: () => clock.now,
    })
  const known = async () => (await catalogue.list(['parse'], null, 1_000)).length
  return { mirror, paid, waits, clock, known, catalogue }
}
