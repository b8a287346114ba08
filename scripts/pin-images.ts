/** Adds to each base image in Dockerfile and docker-compose.yml the digest that its registry gives for its tag. Needs Docker. */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

const ROOT = path.resolve(import.meta.dirname, '..')
const FILES = ['Dockerfile', 'docker-compose.yml']

/** `FROM name:tag` and `image: name:tag`, with or without a digest; not the name of a stage, which has no tag. */
const IMAGE = /^( *(?:FROM|image:) )([\w./-]+:[\w.-]+)(?:@sha256:[0-9a-f]+)?/gm
const DIGEST = /^sha256:[0-9a-f]{64}$/

/**
 * @param digestOf asks the registry; called once for each image.
 * @throws if an answer is not a digest.
 */
export function pinImages(text: string, digestOf: (image: string) => string): string {
  const known = new Map<string, string>()
  return text.replace(IMAGE, (_line, before: string, image: string) => {
    const digest = known.get(image) ?? digestOf(image).trim()
    if (!DIGEST.test(digest)) throw new Error(`docker returned no digest for ${image}`)
    known.set(image, digest)
    return `${before}${image}@${digest}`
  })
}

/** Of the index of all platforms, so that each platform finds its own image. */
function askDocker(image: string): string {
  const args = ['buildx', 'imagetools', 'inspect', '--format', '{{.Manifest.Digest}}', image]
  return execFileSync('docker', args, { encoding: 'utf8' })
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const pinned = FILES.map(name => {
    const file = path.join(ROOT, name)
    return { file, text: pinImages(readFileSync(file, 'utf8'), askDocker) }
  })
  // All or nothing: a registry that fails halfway leaves both files as they were.
  for (const { file, text } of pinned) writeFileSync(file, text)
}
