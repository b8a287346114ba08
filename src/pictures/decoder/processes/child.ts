/** One decoder process. An idle one does not keep the server alive. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { Socket } from 'node:net'
import { type DecoderReply, type DecoderRequest, isDecoderReply } from '../messages.ts'
import { readUsage, type Usage } from './usage.ts'

export interface DecoderProcessOptions {
  /** The built `vision/worker/entry.ts`. */
  entryFile: string
  /** Whether the system limits what the process may allocate. */
  isLimited: boolean
  onReply: (reply: DecoderReply) => void
  /** Called once, after all replies. `crashed`: by its own signal, for example a segmentation fault. */
  onEnd: (end: 'crashed' | 'died', cause: unknown) => void
}

export interface DecoderProcess {
  /** The previous request must have been answered. */
  send(request: DecoderRequest): void
  /** `null` if unknown. */
  usage(): Usage | null
  /** Kills the process; does not call `onEnd`. */
  stop(): void
}

/**
 * What the process may allocate (RLIMIT_DATA). Limits on addresses would not do: V8 reserves gigabytes of them. At
 * 400 MB libvips reports that it is out of memory, and the process lives on.
 */
const DATA_LIMIT_KB = 400_000

/** From Node 24 on, V8 reserves its code range as data (some 256 MB), and does not start without. */
const CODE_RANGE_KB = Number.parseInt(process.versions.node, 10) >= 24 ? 300_000 : 0
const LIMIT_DATA = `ulimit -d ${DATA_LIMIT_KB + CODE_RANGE_KB} 2>/dev/null; exec "$0" "$@"`
const SHELL = '/bin/sh'

/** SIGKILL is not among them: it comes from elsewhere, for example if the machine is out of memory. */
const OWN_SIGNALS: readonly (NodeJS.Signals | null)[] = [
  'SIGABRT',
  'SIGBUS',
  'SIGFPE',
  'SIGILL',
  'SIGSEGV',
  'SIGSYS',
  'SIGTRAP',
]

/** Of what a library prints to stderr, for the log. */
const MAX_STDERR = 2_000

export function startDecoderProcess({ entryFile, isLimited, onReply, onEnd }: DecoderProcessOptions): DecoderProcess {
  const child = spawnEntry(entryFile, isLimited)
  let hasEnded = false
  let printed = ''
  let reported: Usage | null = null

  const stop = () => {
    hasEnded = true
    // Native work does not end with SIGTERM.
    child.kill('SIGKILL')
  }
  const end = (why: 'crashed' | 'died', cause: unknown) => {
    if (hasEnded) return
    stop()
    onEnd(why, cause)
  }
  child.on('error', cause => end('died', cause))
  child.on('exit', (code, signal) =>
    end(OWN_SIGNALS.includes(signal) ? 'crashed' : 'died', new Error(`ended with ${signal ?? code}: ${printed}`)),
  )
  child.stderr?.on('data', (text: Buffer) => {
    printed = (printed + text.toString('latin1')).slice(0, MAX_STDERR)
  })
  child.on('message', (reply: unknown) => {
    if (hasEnded) return
    if (!isDecoderReply(reply)) return end('died', new Error('the decoder sent something else than a reply'))
    if (reply.kind === 'usage') {
      reported = reply.usage
      return
    }
    if (reply.kind !== 'started') keepAlive(child, false)
    onReply(reply)
  })
  keepAlive(child, false)

  return {
    send(request) {
      keepAlive(child, true)
      // A failure to send is followed by the end of the process.
      child.send(request, () => {})
    },
    usage: () => (child.pid === undefined ? null : (readUsage(child.pid) ?? reported)),
    stop,
  }
}

/** Node 20 has the instruction behind a flag that later versions refuse. */
const RELAXED_SIMD = process.versions.node.startsWith('20.') ? ['--experimental-wasm-relaxed-simd'] : []

/** Pixels lie outside of V8's heap, whose young part would else grow by some 6 MB for little. */
const HEAP = ['--max-old-space-size=128', '--max-semi-space-size=2']

function spawnEntry(entryFile: string, isLimited: boolean): ChildProcess {
  const command = [...HEAP, '--expose-gc', ...RELAXED_SIMD, entryFile]
  const [file, args] =
    isLimited && existsSync(SHELL)
      ? [SHELL, ['-c', LIMIT_DATA, process.execPath, ...command]]
      : [process.execPath, command]
  return spawn(file, args, {
    // Standard output belongs to the protocol, and stderr to our own log.
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
    // No key of the server's environment is within reach of a hostile picture. What glibc is told here makes it return
    // the memory of a large picture at once.
    env: { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '131072' },
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
