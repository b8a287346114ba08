import { readFileSync } from 'node:fs'
import path from 'node:path'
import { Spec, Validation } from '@cyclonedx/cyclonedx-library'
import { expect, test } from 'vitest'
import { z } from 'zod'
import packageJson from '../../package.json' with { type: 'json' }
import lock from '../../package-lock.json' with { type: 'json' }
import { ROOT } from '../support/program.ts'

const text = readFileSync(path.join(ROOT, 'dist/sbom.cdx.json'), 'utf8')
const sbom = z
  .object({ components: z.array(z.object({ group: z.string().optional(), name: z.string(), version: z.string() })) })
  .parse(JSON.parse(text))
const listed = sbom.components.map(({ group, name, version }) => `${group ? `${group}/` : ''}${name} ${version}`)

/** Every package and version in the lock file, named as in the SBOM. */
const locked = new Set(
  Object.entries(lock.packages).map(([folder, { version }]) => `${folder.split('node_modules/').at(-1)} ${version}`),
)

test('the SBOM follows the schema of CycloneDX 1.6', async () => {
  const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6)
  expect(await validator.validate(text)).toBeNull()
})

test('every package of the SBOM is in the lock file with the same version', () => {
  expect(listed.filter(each => !locked.has(each))).toEqual([])
})

test('the SBOM lists the packages in the licences and the native packages', () => {
  const licences = readFileSync(path.join(ROOT, 'dist/THIRD_PARTY_LICENSES.txt'), 'utf8')
  const sections = licences.split('-'.repeat(80)).slice(1)
  const licensed = sections.map(section => section.trim().split(' ').slice(0, 2).join(' '))
  const native = Object.entries(packageJson.dependencies).map(([name, version]) => `${name} ${version}`)
  expect(new Set(listed)).toEqual(new Set([...licensed, ...native]))
  expect(listed).toContain(`zod ${packageJson.devDependencies.zod}`)
})
