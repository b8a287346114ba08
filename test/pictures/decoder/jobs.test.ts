import { expect, it } from 'vitest'
import { type Job, nextJob } from '../../../src/pictures/decoder/processes/jobs.ts'

const job = (parts: Partial<Job> = {}): Job => ({
  task: { kind: 'small' },
  bytes: new Uint8Array(),
  sha256: '',
  owner: 'caller',
  tries: 0,
  gaveWayAt: null,
  isAlone: false,
  resolve: () => undefined,
  reject: () => undefined,
  ...parts,
})
const index = job({ task: { kind: 'embed', model: {}, purpose: 'index' }, owner: 'listing' })
const card = job({ task: { kind: 'thumbnail', side: 240 }, owner: 'listing' })
const query = job()
const slow = job({ gaveWayAt: 9_000 })
const patient = job({ gaveWayAt: 7_000 })
const alone = job({ isAlone: true })

it.each<[string, Job[], Job[], Job | undefined]>([
  ['what somebody waits for, before an index run', [index, card, query], [], card],
  ['the earliest of these', [query, card], [], query],
  ['those that have not been slow, before those that have', [slow, query], [], query],
  ['a slow one that has waited two seconds, before others', [query, patient], [query], patient],
  ['nothing slow beside another, however long it has waited', [patient, query], [slow], query],
  ['a slow one, before an index run', [index, slow], [index], slow],
  ['nothing slow beside another slow one', [slow, index], [slow], index],
  ['a suspected one, if nothing else runs', [alone], [], alone],
  ['nothing of an index run before a suspected one', [index, alone], [index], undefined],
  ['a suspected one after others, also once it gave way', [job({ isAlone: true, gaveWayAt: 0 }), query], [], query],
  ['nothing beside a suspected one', [query], [alone], undefined],
  ['nothing if nothing waits', [], [], undefined],
])('next is %s', (_, waiting, running, next) => {
  expect(nextJob(waiting, running, 10_000)).toBe(next)
})
