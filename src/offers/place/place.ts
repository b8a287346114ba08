/** Places: parses locations as upstreams and buyers write them, and checks whether one place lies in another. */
import { cleanText, FIELD_MAX_CHARS } from '../text.ts'
import { PLACES } from './place-data.ts'

export interface Place {
  /** With its suffix: `"浙江省"`, `"广西壮族自治区"`. */
  province: string | null
  /** With its suffix: a prefecture (`"金华市"`) or, if named, a county-level town (`"义乌市"`). */
  city: string | null
}

/** A province, a prefecture in it, or a county in that. */
interface Division {
  province: string
  prefecture: string | null
  county: string | null
}

/** In characters; a full address has about 40. */
const TEXT_MAX_CHARS = 100

/** May stand between and after names without naming another place. */
const FILLER = /^(?:中国|自治[区州县]|地区|[省市县区州盟旗]|china|prc|province|prefecture|city|county|sheng|shi|xian)/

/** A town that is not in the table, recognised by its suffix. */
const TOWN = /^\p{Script=Han}{2,7}[市县州盟旗]$/u

/** Left out in short names: the rank, and the peoples an autonomous prefecture is named after. */
const RANK =
  /(?:省|市|县|盟|林区|地区|特别行政区|(?:壮族|回族|维吾尔)?自治区|(?:朝鲜族|土家族|苗族|藏族|羌族|彝族|布依族|侗族|哈尼族|壮族|傣族|白族|景颇族|傈僳族|回族|蒙古族?|哈萨克|柯尔克孜)+自治州)$/

/**
 * Reads a place as upstreams write it, in one or several parts: `("广东省肇庆市")`, `("浙江", "杭州")`, `("金华市")`. A city's
 * province is filled in from the table; a town that is not in the table is kept as written; anything else is `null`.
 */
export function parsePlace(...parts: ReadonlyArray<string | null>): Place {
  const { found: inOrder, rest } = readNames(parts.join(''))
  // Districts in Latin letters are in no table; the names beside them are: "Futian District, Shenzhen".
  const found = /[a-z]/.test(rest) ? readPieces(inOrder, parts) : inOrder
  const [division, ...others] = broadest(found)
  const place = division && others.length === 0 ? asPlace(division) : { province: null, city: null }
  return { ...place, city: place.city ?? (TOWN.test(rest) ? rest : null) }
}

/**
 * The places a buyer's text can mean: Chinese with or without the suffix, or pinyin in any case and spacing, also
 * several names (`"Yiwu, Zhejiang"`). An ambiguous text gives several (`"Suzhou"`: 苏州市 and 宿州市), an unknown one none.
 */
export function resolvePlace(text: string): Place[] {
  const { found, rest } = readNames(cleanText(text, FIELD_MAX_CHARS) ?? '')
  return /^[a-z]/.test(rest) ? [] : broadest(found).map(asPlace)
}

/** Whether a value passes a filter; `unknown` if the listing does not say it. */
export type Fit = 'fits' | 'unknown' | 'misses'

/**
 * Whether `place` is, or lies in, one of `places` (from {@link resolvePlace}): 义乌市 lies in 金华市. A province
 * alone does not say whether the city is the wanted one.
 */
export function placeFit(places: readonly Place[], place: Place): Fit {
  const wanted = places.flatMap(divisionsOf)
  if (wanted.length === 0) return 'misses'
  const [at] = divisionsOf(place)
  if (at === undefined) return place.city === null ? 'unknown' : 'misses'
  if (wanted.some(area => contains(area, at))) return 'fits'
  return at.prefecture === null && wanted.some(area => contains(at, area)) ? 'unknown' : 'misses'
}

function divisionsOf(place: Place): Division[] {
  return broadest(readNames(`${place.province ?? ''}${place.city ?? ''}`).found)
}

/** Reads name after name while each is consistent with the names before it. */
function readNames(text: string): { found: Division[]; rest: string } {
  const names = getNames()
  let found: Division[] = []
  let rest = asKey(text.slice(0, TEXT_MAX_CHARS))
  for (;;) {
    const name = longestName(names, rest)
    const filler = FILLER.exec(rest)?.[0]
    if (name !== undefined) {
      const next = narrow(found, names.get(name) ?? [])
      if (next.length === 0) return { found, rest }
      found = next
      rest = rest.slice(name.length)
    } else if (filler !== undefined) {
      rest = rest.slice(filler.length)
    } else {
      return { found, rest }
    }
  }
}

/** Takes in each piece between commas that is nothing but names. */
function readPieces(found: readonly Division[], parts: ReadonlyArray<string | null>): Division[] {
  const pieces = parts.flatMap(part => part?.split(/[,，/]/) ?? []).map(readNames)
  return pieces
    .filter(piece => piece.rest === '')
    .reduce(
      (all, piece) => {
        const narrowed = narrow(all, piece.found)
        return narrowed.length > 0 ? narrowed : all
      },
      [...found],
    )
}

/** The places consistent with the names so far and the next one, whether the province or the city comes first. */
function narrow(found: readonly Division[], next: readonly Division[]): Division[] {
  if (found.length === 0) return [...next]
  const inside = next.filter(division => found.some(area => contains(area, division)))
  return inside.length > 0 ? inside : found.filter(division => next.some(area => contains(area, division)))
}

/**
 * Drops places that lie in another one (吉林 is the province, not the city), and all but provinces if there are any (海南).
 */
function broadest(divisions: readonly Division[]): Division[] {
  const provinces = divisions.filter(division => division.prefecture === null)
  if (provinces.length > 0) return provinces
  return divisions.filter(one => !divisions.some(other => other !== one && contains(other, one)))
}

function contains(area: Division, division: Division): boolean {
  return (
    area.province === division.province &&
    (area.prefecture === null || area.prefecture === division.prefecture) &&
    (area.county === null || area.county === division.county)
  )
}

function asPlace({ province, prefecture, county }: Division): Place {
  const isMunicipality = province.endsWith('市')
  return { province, city: isMunicipality ? province : (county ?? prefecture) }
}

/**
 * Spaces, punctuation, accents and case do not matter: `"Xi'an"` equals `"xi an"`, and `"Lüliang"` equals `"luliang"`.
 */
function asKey(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[\s\p{P}\p{M}]/gu, '')
}

type Names = ReadonlyMap<string, readonly Division[]>

function longestName(names: Names, text: string): string | undefined {
  for (let length = Math.min(16, text.length); length >= 2; length--) {
    const name = text.slice(0, length)
    if (names.has(name)) return name
  }
  return undefined
}

let names: Names | undefined

/** The table by every spelling, parsed at first use. */
function getNames(): Names {
  names ??= readTable()
  return names
}

function readTable(): Names {
  const table = new Map<string, Division[]>()
  const add = (entry: string, divisionOf: (name: string) => Division): string => {
    const [, written = '', latin = ''] = /^(\S+) (.+)$/.exec(entry.trim()) ?? []
    const name = RANK.test(written) ? written : `${written}市`
    const spellings = [name, name.replace(RANK, ''), ...latin.split('/')].map(asKey)
    for (const key of new Set(spellings.filter(spelling => spelling.length >= 2))) {
      table.set(key, [...(table.get(key) ?? []), divisionOf(name)])
    }
    return name
  }
  for (const line of PLACES.trim().split('\n')) {
    const [head = '', body = ''] = line.split(': ')
    const province = add(head, name => ({ province: name, prefecture: null, county: null }))
    for (const [, entry = '', counties = ''] of body.matchAll(/([^,(]+)(?:\(([^)]*)\))?(?:, |$)/g)) {
      const prefecture = add(entry, name => ({ province, prefecture: name, county: null }))
      for (const county of counties.split('; ').filter(text => text !== '')) {
        add(county, name => ({ province, prefecture, county: name }))
      }
    }
  }
  return table
}
