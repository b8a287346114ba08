import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { limitTime, linkSignals } from '../../src/time/deadline.ts'
import { ROOT } from '../support/program.ts'

describe('linkSignals', () => {
  it('aborts with the first of its callers, with the reason of that one', () => {
    const callers = [new AbortController(), new AbortController()]
    const { signal } = linkSignals(undefined, ...callers.map(caller => caller.signal))
    callers[1]?.abort(new Error('second'))
    callers[0]?.abort(new Error('first'))
    expect(signal.reason.message).toBe('second')
    expect(linkSignals(signal, undefined).signal.reason.message).toBe('second')
  })

  it('removes its listeners from callers on request', () => {
    const caller = new AbortController()
    const { signal, forget } = linkSignals(caller.signal)
    forget()
    caller.abort()
    expect(signal.aborted).toBe(false)
  })
})

describe('limitTime', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('ends the work when time is up, with the reason that was given', () => {
    const limit = limitTime(100, new AbortController().signal, { reasonOf: () => new Error('late') })
    vi.advanceTimersByTime(99)
    expect([limit.signal.aborted, limit.isOver()]).toEqual([false, false])
    vi.advanceTimersByTime(1)
    expect([limit.signal.aborted, limit.isOver(), limit.signal.reason.message]).toEqual([true, true, 'late'])
  })

  it('ends with its caller, and then time changes nothing', () => {
    const caller = new AbortController()
    const limit = limitTime(100, caller.signal)
    caller.abort(new Error('gone'))
    vi.advanceTimersByTime(100)
    expect([limit.signal.reason.message, limit.isOver()]).toEqual(['gone', false])
    expect(limitTime(100, caller.signal).signal.aborted).toBe(true)
  })

  it('lets go of work that is done', () => {
    const caller = new AbortController()
    const limit = limitTime(100, caller.signal)
    limit.forget()
    vi.advanceTimersByTime(100)
    caller.abort()
    expect(limit.signal.aborted).toBe(false)
  })

  it('survives the garbage collector', () => {
    const script = `
      import { limitTime } from ${JSON.stringify(path.join(ROOT, 'src/time/deadline.ts'))}
      let fired = 0
      for (let i = 0; i < 50; i++) {
        const { signal } = limitTime(40, new AbortController().signal)
        signal.addEventListener('abort', () => fired++)
      }
      setTimeout(() => globalThis.gc(), 10)
      setTimeout(() => console.log(fired), 200)`
    const args = ['--expose-gc', '--import', 'tsx', '--input-type=module', '-e', script]
    expect(execFileSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' }).trim()).toBe('50')
  })
})
