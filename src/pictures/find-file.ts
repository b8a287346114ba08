/** Finds the file that a path means, as people, terminals and models write paths. */
import { access, readdir } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { refused } from './failures.ts'

/** Longer than any path that a system opens. */
const MAX_PATH_CHARS = 32_767

/**
 * @param homeDir what `~` stands for; empty if this user has none.
 * @returns the path of a file or folder that exists, or `null`.
 * @throws AppError `picture_refused` for a path on another machine.
 */
export async function findFile(written: string, homeDir: string): Promise<string | null> {
  if (written.length > MAX_PATH_CHARS) return null
  const spellings = [...new Set(spellingsOf(written).map(spelling => expandHome(spelling, homeDir)))]
  // On Windows, even looking at a network path sends this account's credentials to the host in it.
  if (spellings.some(spelling => /^[\\/]{2}/.test(spelling)))
    throw refused('Pictures on a network path are not read.', 'Copy the file to this computer and pass its path.')
  for (const spelling of spellings) if (await exists(spelling)) return spelling
  for (const spelling of spellings) {
    const found = await findLookAlike(path.resolve(spelling))
    if (found !== null) return found
  }
  return null
}

/** As it stands first: a name may really contain a backslash, a percent sign or an @. */
function spellingsOf(written: string): string[] {
  const bare = written.replace(/^@(?=.)/, '')
  return [
    written,
    bare,
    unwrapped(bare),
    ...(path.sep === '/' ? [withoutShellEscapes(bare)] : []),
    withoutPercents(bare),
  ]
}

/** `"photo.jpg"`, and the file: URL that a browser shows for it. */
function unwrapped(text: string): string {
  const [, inside = text] = /^\s*(?:"(.+)"|'(.+)'|`(.+)`)\s*$/.exec(text)?.filter(group => group !== undefined) ?? []
  if (!/^file:\/\//i.test(inside)) return inside
  try {
    return fileURLToPath(inside)
  } catch {
    return inside
  }
}

/** Terminals write a dropped file as `my\ photo.jpg` or `'it'\''s.jpg'`. */
function withoutShellEscapes(text: string): string {
  return text.replaceAll("'\\''", "'").replaceAll(/\\(?=[^A-Za-z0-9])/g, '')
}

function withoutPercents(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function expandHome(text: string, homeDir: string): string {
  if (homeDir === '') return text
  return text.replace(/^(?:~|\$HOME|\$\{HOME\}|%USERPROFILE%)(?=[/\\]|$)/i, () => homeDir)
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}

/**
 * The one file whose path differs only in characters that look alike: macOS writes U+202F in names of screenshots and
 * decomposed letters, and models write both as they are usually typed.
 */
async function findLookAlike(file: string): Promise<string | null> {
  const parent = path.dirname(file)
  if (parent === file) return null
  const folder = (await exists(parent)) ? parent : await findLookAlike(parent)
  if (folder === null) return null
  const name = alike(path.basename(file))
  const names = await readdir(folder).catch((): string[] => [])
  const [found, ...others] = names.filter(candidate => alike(candidate) === name)
  return found !== undefined && others.length === 0 ? path.join(folder, found) : null
}

function alike(name: string): string {
  return name
    .normalize('NFC')
    .replaceAll(/[\p{Cf}\p{Variation_Selector}]/gu, '')
    .replaceAll(/\s+/gu, ' ')
    .replaceAll(/[‘’ʼ]/g, "'")
    .replaceAll(/[“”]/g, '"')
    .replaceAll(/[‐‑–—]/g, '-')
    .trim()
}
