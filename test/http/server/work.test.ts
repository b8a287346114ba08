import { beforeEach, expect, it } from 'vitest'
import { createWorkMeter, type WorkMeter } from '../../../src/http/server/work.ts'

const MIB = 1024 * 1024

let now = 0
let meter: WorkMeter
beforeEach(() => {
  now = 0
  meter = createWorkMeter(() => now)
})

it('a caller gets 2 s of work at once, then a fifth of the time; others are not affected', async () => {
  const work = await meter.begin('ana')
  work.spend(1_998)
  await meter.begin('ana')
  await meter.begin('ana').then(more => more.spend(100))
  await expect(meter.begin('ana')).rejects.toMatchObject({ status: 429, headers: { 'retry-after': '1' } })
  await meter.begin('bo')
  now += 101 / 0.2
  await meter.begin('ana')
})

it('bytes count as work, at 4 ms per MiB', async () => {
  const work = await meter.begin('ana')
  work.spend(0, 600 * MIB)
  await expect(meter.begin('ana')).rejects.toMatchObject({ status: 429 })
})

it('a caller who is not counted may do anything', async () => {
  const work = await meter.begin(null)
  work.spend(1_000_000)
  await meter.begin(null)
})

it('large bodies: 32 MiB of one caller and 64 MiB in all, until their requests end', async () => {
  const reserve = async (caller: string, bytes: number) => {
    const work = await meter.begin(caller)
    await work.reserveBytes(bytes)
    return work
  }
  const first = await reserve('ana', 16 * MIB)
  await reserve('ana', 16 * MIB)
  await expect(reserve('ana', 1)).rejects.toMatchObject({ status: 429 })
  await reserve('bo', 32 * MIB)
  await expect(reserve('cy', 1)).rejects.toMatchObject({ status: 429 })
  first.end()
  first.end()
  await reserve('cy', 16 * MIB)
  await expect(reserve('ana', 1)).rejects.toMatchObject({ status: 429 })
})
