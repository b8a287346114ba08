import { spawnSync } from 'node:child_process'

/** Why system calls cannot be made to fail here, if so: strace is missing, or may not trace. */
export function straceProblem(): string | null {
  const faults = ['-qq', '-e', 'trace=none', '-e', 'inject=fsync:error=EIO']
  const trial = spawnSync('strace', [...faults, process.execPath, '--version'])
  if (trial.error !== undefined) return 'strace is not installed'
  return trial.status === 0 ? null : 'strace may not trace here'
}
