// Writes dist/sbom.cdx.json: a CycloneDX 1.6 bill of materials of the bundled packages and the native packages.
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { packageFolders, readPackage } from './licences.mjs'

/**
 * @param {string} root the project's folder
 * @param {readonly string[]} inputs the bundled files relative to the project
 */
export function writeSbom(root, inputs) {
  const own = readPackage(root)
  const installed = Object.keys(own.dependencies).map(name => path.join('node_modules', name))
  const bundled = packageFolders(inputs)
  const components = [
    ...bundled.map(folder => componentOf(readPackage(path.join(root, folder)), 'bundled')),
    ...installed.map(folder => componentOf(readPackage(path.join(root, folder)), 'installed separately')),
  ]
  const subject = { ...componentOf(own), type: 'application' }
  const sbom = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: subject },
    components,
    dependencies: [{ ref: subject['bom-ref'], dependsOn: components.map(component => component['bom-ref']) }],
  }
  writeFileSync(path.join(root, 'dist/sbom.cdx.json'), `${JSON.stringify(sbom, null, 2)}\n`)
}

function componentOf({ name, version, license }, carried) {
  const [, scope, bare] = /^(?:(@[^/]+)\/)?(.+)$/.exec(name)
  const purl = `pkg:npm/${scope === undefined ? '' : `${encodeURIComponent(scope)}/`}${bare}@${version}`
  return {
    type: 'library',
    'bom-ref': purl,
    ...(scope === undefined ? {} : { group: scope }),
    name: bare,
    version,
    ...(license === undefined ? {} : { licenses: [licenceOf(license)] }),
    purl,
    ...(carried === undefined ? {} : { properties: [{ name: 'mcp-1688:carried', value: carried }] }),
  }
}

/** CycloneDX takes several licences as an expression, and a single one as its SPDX ID. */
function licenceOf(license) {
  return / (?:AND|OR|WITH) /.test(license) ? { expression: license } : { license: { id: license } }
}
