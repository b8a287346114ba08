import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { CLONE_LAUNCH, glamaJson, REGISTRY_LAUNCH } from '../../scripts/descriptors.ts'
import { HOSTS } from '../../src/cli/commands/setup/hosts.ts'
import { launchOf } from '../../src/cli/commands/setup/launch.ts'
import { IS_PUBLISHED } from '../../src/version.ts'
import { ROOT } from '../support/program.ts'

const installed = { execPath: '/usr/bin/node', packageDir: '/home/ana/mcp-1688' }
const unpacked = { execPath: '/usr/bin/node', packageDir: '/home/ana/.npm/_npx/1a2b/node_modules/mcp-1688' }

/** Pages for users. */
const pages = execFileSync('git', ['ls-files', 'README*.md', 'docs/*.md', 'smithery.yaml', 'server.json'], {
  cwd: ROOT,
})
  .toString()
  .split('\n')
  .filter(page => page !== '' && !page.startsWith('docs/publishing'))

describe(`while IS_PUBLISHED is ${IS_PUBLISHED}`, () => {
  it('setup and its links use the registry only if it has the package', () => {
    expect(launchOf(installed).command).toBe('/usr/bin/node')
    expect(launchOf(unpacked).command).toBe(IS_PUBLISHED ? 'npx' : '/usr/bin/node')
    const links = HOSTS.flatMap(({ installLink }) => installLink?.('mcp-1688', launchOf(unpacked)) ?? [])
    const carried = links.map(link => decodeURIComponent(decodeURIComponent(link)))
    const texts = carried.map(link => link.replace(/config=(.+)$/, (_all, text) => atob(text)))
    expect(texts).toHaveLength(3)
    for (const text of texts) expect(text.includes('"npx"')).toBe(IS_PUBLISHED)
  })

  it('package.json names the repository of the owner that the registries know', () => {
    const [, owner] = /^io\.github\.([^/]+)\//.exec(packageJson.mcpName) ?? []
    const repository = `https://github.com/${owner}/${packageJson.name}`
    expect(packageJson.repository).toEqual({ type: 'git', url: `git+${repository}.git` })
    expect(packageJson.homepage).toBe(`${repository}#readme`)
    expect(packageJson.bugs.url).toBe(`${repository}/issues`)
    expect(JSON.parse(glamaJson()).maintainers).toEqual([owner])
    // Until it is public, somebody else may take the name.
    const naming = pages.filter(page => readFileSync(path.join(ROOT, page), 'utf8').includes(repository))
    expect(naming.length === 0 || IS_PUBLISHED).toBe(true)
  })

  it('pages mention the registry only if it has the package', () => {
    const naming = pages.filter(page => /npx -y mcp-1688|"npx"/.test(readFileSync(path.join(ROOT, page), 'utf8')))
    expect(naming.length > 0).toBe(IS_PUBLISHED)
  })

  it('files for directories exist only if the registry has the package', () => {
    for (const file of ['server.json', 'glama.json'])
      expect([file, existsSync(path.join(ROOT, file))]).toEqual([file, IS_PUBLISHED])
    const { command } = IS_PUBLISHED ? REGISTRY_LAUNCH : CLONE_LAUNCH
    expect(readFileSync(path.join(ROOT, 'smithery.yaml'), 'utf8')).toContain(`command: '${command}'`)
  })

  it('the configuration for the registry is ready for publishing', () => {
    expect(launchOf(unpacked, true)).toEqual(REGISTRY_LAUNCH)
    expect(launchOf(installed, true).command).toBe('/usr/bin/node')
  })
})
