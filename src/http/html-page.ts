/** The frame of the server's own pages (`/` and `/docs`), which load nothing and run nothing. */
import { createHash } from 'node:crypto'
import { version } from '../version.ts'

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; --link: #0b57d0; }
@media (prefers-color-scheme: dark) { :root { --link: #8ab4f8; } }
html { background: Canvas; color: CanvasText; }
main { max-width: 52rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: break-word; }
a { color: var(--link); }
h2 { margin-top: 2rem; }
h2 code { font-size: 1.1rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: start; vertical-align: top; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid #8886; }
td:first-child { min-width: 7.5rem; }
td:first-child, td code, pre { overflow-wrap: anywhere; }
@media (min-width: 48rem) { td:first-child { white-space: nowrap; } }
pre { white-space: pre-wrap; padding: .8rem; border: 1px solid #8886; border-radius: .4rem; }
`

export interface HtmlPage {
  html: string
  /** They keep the page from loading anything. */
  headers: Record<string, string>
}

/** @param body markup; texts in it are escaped by {@link escapeHtml}. */
export function htmlPage(body: string): HtmlPage {
  const styleHash = createHash('sha256').update(STYLE).digest('base64')
  return {
    html: `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>mcp-1688 ${version}</title>
<style>${STYLE}</style></head><body><main>
${body}
</main></body></html>
`,
    headers: {
      'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    },
  }
}

export function htmlTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (tag: string, texts: readonly string[]) =>
    texts.map(text => `<${tag}>${escapeHtml(text)}</${tag}>`).join('')
  const names = head.map(text => `<th scope="col">${escapeHtml(text)}</th>`).join('')
  return `<table><thead><tr>${names}</tr></thead><tbody>${rows.map(row => `<tr>${cells('td', row)}</tr>`).join('')}</tbody></table>`
}

export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"]/g, character => `&#${character.charCodeAt(0)};`)
}
