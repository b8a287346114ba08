/** What the report's pages have in common: a whole document that runs no scripts and loads nothing. */
import { createHash } from 'node:crypto'
import { type Html, html } from '../text/html.ts'
import type { Language } from './language.ts'
import { REPORT_STYLE } from './style.ts'
import { type Origin, type Words, wordsOf } from './words.ts'

/** Shared by all pages. */
export interface PageOptions {
  language: Language
  /** Small WebPs of the offers' pictures, by offer ID. */
  thumbnails: ReadonlyMap<string, Uint8Array>
  /** Milliseconds since 1970. */
  madeAt: number
  version: string
}

const LANG_OF = { en: 'en', zh: 'zh-CN' } as const

/** The Content-Security-Policy makes the browser enforce that nothing is run or loaded. */
export function pageFrame(title: string, body: Html, language: Language): string {
  const hash = createHash('sha256').update(REPORT_STYLE).digest('base64')
  const policy = `default-src 'none'; img-src data:; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`
  const head = html`<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>`
  return `<!doctype html>\n<html lang="${LANG_OF[language]}"><head>${head.markup}\n<style>${REPORT_STYLE}</style></head>\n<body>${body.markup}</body></html>\n`
}

export function footOf({ language, madeAt, version }: PageOptions): Html {
  const words = wordsOf(language)
  return html`<footer><p>${words.foot}</p>
<p>${words.made(version, dateOf(madeAt))}</p></footer>`
}

/** Names with values, in large type. */
export function figuresList(lead: string, facts: readonly (readonly [name: string, value: string])[]): Html {
  return html`<p class="lead over">${lead}</p>
<dl class="figures">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`
}

export function noteBlock(note: string | null): Html | null {
  return note === null ? null : html`<p class="note">${note}</p>`
}

export function provenanceOf(
  words: Words,
  source: { upstream: string; retrievedAt: number | null; stale: boolean },
  spent: number,
): Html {
  const fetched = source.retrievedAt === null ? null : dateOf(source.retrievedAt)
  return html`<p class="lead">${words.provenance(source.upstream, fetched, source.stale, spent)}</p>`
}

/** @param sources of the offers: upstreams' names, or `import` for a user's own. */
export function originOf(sources: readonly string[]): Origin {
  const own = sources.filter(isOwn).length
  if (own > 0) return own === sources.length ? 'own' : 'both'
  return sources.length > 0 && sources.every(source => source === 'sample') ? 'sample' : '1688'
}

export function isOwn(source: string): boolean {
  return /^import\b/.test(source)
}

export function dateOf(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
