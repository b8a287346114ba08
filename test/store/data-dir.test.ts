import { statSync } from 'node:fs'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { defaultConfigDir, makeDataDir } from '../../src/store/data-dir.ts'
import { makeTempDir } from '../support/program.ts'
import { testOn } from '../support/test-on.ts'

test('makes a folder with those above it, for its owner alone, and leaves one that is there', () => {
  const dir = makeTempDir()
  onTestFinished(() => dir.remove())
  const folder = path.join(dir.path, 'a', 'b', 'c')
  for (let time = 0; time < 2; time++) {
    makeDataDir(folder)
    for (const made of [folder, path.dirname(folder)]) expect(statSync(made).mode & 0o777).toBe(0o700)
  }
})

test.each([
  ['linux', { XDG_CONFIG_HOME: '/etc/own' }, '/home/me', '/etc/own/mcp-1688'],
  ['linux', { XDG_CONFIG_HOME: 'relative' }, '/home/me', '/home/me/.config/mcp-1688'],
  ['darwin', { XDG_CONFIG_HOME: '/etc/own' }, '/Users/me', '/Users/me/Library/Application Support/mcp-1688'],
  ['win32', {}, '/Users/me', '/Users/me/AppData/Roaming/mcp-1688'],
  ['linux', {}, '', null],
] as const)('settings on %s lie in the folder of the platform', (platform, env, homeDir, folder) => {
  expect(defaultConfigDir({ platform, env, homeDir })).toBe(folder)
})

testOn(['linux'], 'fails where no folder can be created', () => {
  expect(() => makeDataDir('/proc/nothing/here')).toThrow()
})
