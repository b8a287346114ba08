import { test } from 'vitest'

/** A test for some platforms only. On others it does not exist, so that it never counts as skipped. */
export function testOn(
  platforms: readonly NodeJS.Platform[],
  title: string,
  run: () => void | Promise<void>,
  timeoutMs?: number,
): void {
  if (platforms.includes(process.platform)) test(title, run, timeoutMs)
}
