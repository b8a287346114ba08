/** Adds the photo picker, a part of two pages, to one of them. Its script runs before the page's own. */
export function withPicker(page: string, picker: string): string {
  return page.replace('</head>', () => `${picker}</head>`)
}
