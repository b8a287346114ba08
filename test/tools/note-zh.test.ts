import { expect, it } from 'vitest'
import { noteZhOf } from '../../src/tools/note-zh.ts'

const REMARKS = [{ kind: 'sample_data' as const }]
const client = { showsPages: false, lacksPages: false, opensAddresses: false }

it('pages get the note in Chinese, clients that say they have none do not', async () => {
  expect(await noteZhOf(REMARKS, client)).toMatch(/^示例数据：/)
  expect(await noteZhOf(REMARKS, { ...client, lacksPages: true })).toBeNull()
  expect(await noteZhOf(REMARKS, undefined)).toBeNull()
  expect(await noteZhOf([], client)).toBeNull()
})
