/** Reads the picture in this computer's clipboard: pictures only, never text, and only when asked for by that word. */
import { execFile } from 'node:child_process'
import { access, constants } from 'node:fs/promises'
import path from 'node:path'
import { type AppError, hasCode } from '../errors.ts'
import { CALL_BUDGET } from '../time/call-budget.ts'
import { MAX_PICTURE_BYTES, unreachable } from './failures.ts'

export interface ClipboardOptions {
  platform: NodeJS.Platform
  env: Readonly<Record<string, string | undefined>>
  /** Where the program is looked for; `PATH` is not used, since anything may be in it. Default: the system's folders. */
  folders?: readonly string[]
}

/** The one program that is asked. */
interface Tool {
  name: string
  args: readonly string[]
  folders: readonly string[]
  decode: (output: Buffer) => Buffer
}

const UNIX_FOLDERS = ['/usr/bin', '/usr/local/bin', '/bin', '/opt/homebrew/bin', '/run/current-system/sw/bin']

/** All that the program sees of the environment. */
const VARIABLES = ['DISPLAY', 'WAYLAND_DISPLAY', 'XDG_RUNTIME_DIR', 'XAUTHORITY', 'HOME', 'SystemRoot']

/** In a thread that may use the clipboard, as PNG on stdout. */
const POWERSHELL =
  'Add-Type -AssemblyName System.Windows.Forms,System.Drawing; $i = [Windows.Forms.Clipboard]::GetImage(); ' +
  'if ($i) { $m = New-Object IO.MemoryStream; $i.Save($m, [Drawing.Imaging.ImageFormat]::Png); ' +
  '[Console]::OpenStandardOutput().Write($m.ToArray(), 0, $m.Length) }'

/** @returns a PNG. @throws AppError `picture_unreachable`. */
export async function readClipboard(options: ClipboardOptions, signal?: AbortSignal): Promise<Buffer> {
  const tool = toolFor(options)
  if (tool === null) throw unreachable('This computer has no clipboard that can be read: no display is set.', COPY_HINT)
  const program = await findProgram(tool)
  if (program === null) throw unreachable(`${tool.name} is not installed, which reads the clipboard.`, INSTALL_HINT)
  const picture = tool.decode(await run(program, tool.args, options.env, signal))
  if (picture.length === 0) throw noPicture()
  return picture
}

function toolFor({ platform, env, folders }: ClipboardOptions): Tool | null {
  const asIs = (output: Buffer) => output
  const unix = folders ?? UNIX_FOLDERS
  if (platform === 'darwin') {
    return { name: 'osascript', args: ['-e', 'the clipboard as «class PNGf»'], folders: unix, decode: decodeAppleData }
  }
  if (platform === 'win32') {
    const system = path.win32.join(env.SystemRoot ?? 'C:\\Windows', 'System32', 'WindowsPowerShell', 'v1.0')
    const args = ['-NoProfile', '-NonInteractive', '-STA', '-Command', POWERSHELL]
    return { name: 'powershell.exe', args, folders: folders ?? [system], decode: asIs }
  }
  if (env.WAYLAND_DISPLAY) {
    return { name: 'wl-paste', args: ['--no-newline', '--type', 'image/png'], folders: unix, decode: asIs }
  }
  if (!env.DISPLAY) return null
  const args = ['-selection', 'clipboard', '-t', 'image/png', '-o']
  return { name: 'xclip', args, folders: unix, decode: asIs }
}

/** `«data PNGf89504E47…»` */
function decodeAppleData(output: Buffer): Buffer {
  return Buffer.from(/PNGf([\dA-F]*)/i.exec(output.toString('latin1'))?.[1] ?? '', 'hex')
}

async function findProgram({ name, folders }: Tool): Promise<string | null> {
  for (const folder of folders) {
    const program = path.join(folder, name)
    if (await isExecutable(program)) return program
  }
  return null
}

async function isExecutable(program: string): Promise<boolean> {
  return access(program, constants.X_OK).then(
    () => true,
    () => false,
  )
}

async function run(
  program: string,
  args: readonly string[],
  env: ClipboardOptions['env'],
  signal?: AbortSignal,
): Promise<Buffer> {
  const settings = {
    encoding: 'buffer' as const,
    env: Object.fromEntries(VARIABLES.flatMap(name => (env[name] === undefined ? [] : [[name, env[name]]]))),
    timeout: CALL_BUDGET.clipboard.callerMs,
    killSignal: 'SIGKILL' as const,
    // macOS writes two digits for each byte.
    maxBuffer: 2 * MAX_PICTURE_BYTES + 100,
    windowsHide: true,
    ...(signal === undefined ? {} : { signal }),
  }
  return new Promise((resolve, reject) => {
    execFile(program, [...args], settings, (error, stdout) => {
      if (error === null) return resolve(stdout)
      const isTooLong = hasCode(error, 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER')
      if (isTooLong)
        return reject(unreachable('The picture in the clipboard is too large.', COPY_HINT, { cause: error }))
      reject(error.killed === true ? tooSlow(error) : noPicture(error))
    })
  })
}

const COPY_HINT = 'Copy a picture, or pass a link to it or the path of its file.'
const INSTALL_HINT = 'Install it, or pass a link to the picture or the path of its file.'

function noPicture(cause?: unknown): AppError {
  return unreachable('The clipboard contains no picture.', COPY_HINT, { cause })
}

function tooSlow(cause: unknown): AppError {
  const message = `The clipboard did not answer within ${CALL_BUDGET.clipboard.callerMs / 1000} seconds.`
  return unreachable(message, COPY_HINT, { retryable: true, cause })
}
