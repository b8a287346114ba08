/** Copies the built program to a folder where it runs by itself: the npm package, and its native packages for this platform. */
import { cp } from 'node:fs/promises'
import path from 'node:path'
import packageJson from '../package.json' with { type: 'json' }
import lock from '../package-lock.json' with { type: 'json' }

const ROOT = path.resolve(import.meta.dirname, '..')

/** Not needed at run time: sources, headers, types, and binaries for other platforms. */
const NOT_RUN = [
  /\.(map|d\.[cm]?ts|gypi?)$/,
  /node_modules\/node-addon-api\//,
  /@photostructure\/sqlite\/(src|scripts)(\/|$)/,
  /sharp\/(src|install)(\/|$)/,
  new RegExp(`/prebuilds/(?!${process.platform}-${process.arch}(/|$))[^/]`),
]

/** The name of what is packed for this platform and processor. */
export const PACKED_NAME = `${packageJson.name}-${packageJson.version}-${process.platform}-${process.arch}`

/** @param documents further files of the repository. */
export async function stageProgram(folder: string, documents: readonly string[]): Promise<void> {
  for (const name of ['package.json', 'LICENSE', 'dist', 'assets', ...documents]) await copy(name, folder)
  for (const name of nativePackages()) await copy(name, folder)
}

async function copy(name: string, folder: string): Promise<void> {
  const filter = (source: string) => !NOT_RUN.some(pattern => pattern.test(source.replaceAll(path.sep, '/')))
  await cp(path.join(ROOT, name), path.join(folder, name), { recursive: true, filter }).catch((error: unknown) => {
    // npm does not install packages for other platforms.
    if (!name.startsWith('node_modules/@img/')) throw error
  })
}

/** The folders that npm installs without development packages. */
function nativePackages(): string[] {
  return Object.entries(lock.packages).flatMap(([folder, entry]) =>
    folder === '' || 'dev' in entry || 'devOptional' in entry || ('optional' in entry && !folder.includes('@img/'))
      ? []
      : [folder],
  )
}
