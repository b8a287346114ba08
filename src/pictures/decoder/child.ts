/** One decoder process, with limits on its time and memory. An idle one does not keep the server alive. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { Socket } from 'node:net'
import { type DecoderReply, type DecoderRequest, isDecoderReply } from './messages.ts'

/** `not_started`: before the first picture was begun, so that no picture is to blame. */
export type DecoderEnd = 'not_started' | 'died' | 'took_too_long'

export interface DecoderProcessOptions {
  /** The built `vision/worker/entry.ts`. */
  entryFile: string
  /** From a request until its picture is begun: the start of the process and the loading of a model. */
  loadLimitMs: number
  taskLimitMs: number
  onReply: (reply: Exclude<DecoderReply, { kind: 'started' }>) => void
  /** Called once, after all replies. */
  onEnd: (end: DecoderEnd, cause?: unknown) => void
}

export interface DecoderProcess {
  /** The previous request must have been answered. */
  send(request: DecoderRequest): void
  /** Kills the process; does not call `onEnd`. */
  stop(): void
}

/**
 * What the process may allocate (RLIMIT_DATA). Limits on addresses would not do: V8 reserves gigabytes of them. At
 * 400 MB libvips reports that it is out of memory, and the process lives on.
 */
const DATA_LIMIT_KB = 400_000
const LIMIT_DATA = `ulimit -d ${DATA_LIMIT_KB} 2>/dev/null; exec "$0" "$@"`
const SHELL = '/bin/sh'

/** Of what a library prints to stderr, for the log. */
const MAX_STDERR = 2_000

export function startDecoderProcess(options: DecoderProcessOptions): DecoderProcess {
  const { entryFile, loadLimitMs, taskLimitMs, onReply, onEnd } = options
  const child = spawnEntry(entryFile)
  let state: 'idle' | 'loading' | 'working' | 'ended' = 'idle'
  let hasStarted = false
  let printed = ''
  let timer: NodeJS.Timeout | undefined

  const stop = () => {
    state = 'ended'
    clearTimeout(timer)
    // Native work does not end with SIGTERM.
    child.kill('SIGKILL')
  }
  const end = (why: DecoderEnd, cause?: unknown) => {
    if (state === 'ended') return
    stop()
    onEnd(why, cause)
  }
  const setLimit = (ms: number, why: DecoderEnd, cause?: Error) => {
    clearTimeout(timer)
    timer = setTimeout(() => end(why, cause), ms)
  }
  const endUnexpectedly = (cause: unknown) => end(hasStarted ? 'died' : 'not_started', cause)
  child.on('error', endUnexpectedly)
  child.on('exit', (code, signal) => endUnexpectedly(new Error(`ended with ${signal ?? code}: ${printed}`)))
  child.stderr?.on('data', (text: Buffer) => {
    printed = (printed + text.toString('latin1')).slice(0, MAX_STDERR)
  })
  child.on('message', (reply: unknown) => {
    if (state === 'ended' || state === 'idle') return
    if (!isDecoderReply(reply)) return end('died', new Error('the decoder sent something else than a reply'))
    if (reply.kind === 'started') {
      state = 'working'
      hasStarted = true
      setLimit(taskLimitMs, 'took_too_long')
      return
    }
    state = 'idle'
    clearTimeout(timer)
    keepAlive(child, false)
    onReply(reply)
  })
  keepAlive(child, false)

  return {
    send(request) {
      state = 'loading'
      keepAlive(child, true)
      setLimit(loadLimitMs, 'not_started', new Error('the decoder did not start in time'))
      // A failure to send is followed by the end of the process.
      child.send(request, () => {})
    },
    stop,
  }
}

function spawnEntry(entryFile: string): ChildProcess {
  const command = [process.execPath, '--max-old-space-size=128', entryFile]
  const [file, ...args] = existsSync(SHELL) ? [SHELL, '-c', LIMIT_DATA, ...command] : command
  return spawn(file ?? process.execPath, args, {
    // Standard output belongs to the protocol, and stderr to our own log.
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
    // No key of the server's environment is within reach of a hostile picture.
    env: {},
    windowsHide: true,
  })
}

/** Whether the server waits for the process before it exits. */
function keepAlive(child: ChildProcess, isNeeded: boolean): void {
  // The types do not say that the pipe is a socket.
  const { channel, stderr } = child
  const handles = [child, ...(channel ? [channel] : []), ...(stderr instanceof Socket ? [stderr] : [])]
  for (const handle of handles) {
    if (isNeeded) handle.ref?.()
    else handle.unref?.()
  }
}
