import { spawn } from 'node:child_process'

/** None of these passes the address through a shell, in which its `&` would have a meaning. */
function launcherOf(platform: NodeJS.Platform): readonly [command: string, ...args: string[]] {
  if (platform === 'darwin') return ['open']
  return platform === 'win32' ? ['rundll32', 'url.dll,FileProtocolHandler'] : ['xdg-open']
}

/** Does nothing where there is no browser: the address is printed as well. */
export function openBrowser(url: string, platform: NodeJS.Platform): void {
  const [command, ...args] = launcherOf(platform)
  const child = spawn(command, [...args, url], { stdio: 'ignore', detached: true })
  child.on('error', () => undefined)
  child.unref()
}
