import { spawn } from 'node:child_process'
import { serverCommand } from './program.ts'

export interface ServeProcess {
  /** `http://127.0.0.1:port`. */
  url: string
  pid: number
  stderr(): string
  kill(signal: 'SIGTERM' | 'SIGKILL'): void
  /** Resolves with the exit code; `null` after SIGKILL. */
  exited: Promise<number | null>
  /** Sends SIGTERM and waits for the end. */
  close(): Promise<void>
}

/**
 * Starts `mcp-1688 serve` on a free port of loopback and waits until it listens.
 * @param under a program that runs it, with its arguments.
 * @param node the program of Node.js.
 */
export async function startServe(
  dataDir: string,
  env: Record<string, string> = {},
  under: readonly string[] = [],
  node: string = process.execPath,
): Promise<ServeProcess> {
  const command = serverCommand(dataDir, env)
  const [program = '', ...args] = [...under, node, ...command.args, 'serve', '--port', '0']
  const child = spawn(program, args, {
    env: command.env,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let stderr = ''
  const exited = new Promise<number | null>(resolve => child.once('close', resolve))
  const port = await new Promise<string>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', chunk => {
      stderr += chunk
      const ready = /Listening on http:\/\/[^ ]+:(\d+) /.exec(stderr)?.[1]
      if (ready) resolve(ready)
    })
    exited.then(code => reject(new Error(`serve ended with ${code}: ${stderr}`)))
  })
  const kill = (signal: 'SIGTERM' | 'SIGKILL') => void child.kill(signal)
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    stderr: () => stderr,
    kill,
    exited,
    close: async () => {
      kill('SIGTERM')
      await exited
    },
  }
}
