import { test } from 'vitest'

/** A test of what only some platforms have. Elsewhere it is not there at all, so that it never counts as skipped. */
export function testOn(
  platforms: readonly NodeJS.Platform[],
  title: string,
  run: () => void | Promise<void>,
  timeoutMs?: number,
): void {
  if (platforms.includes(process.platform)) test(title, run, timeoutMs)
}
