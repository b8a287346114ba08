/** Where a run stands against an earlier one: the figures of each row of the tables in two versions of results.md. */

interface Row {
  /** Heading and first cell; the same name a second time gets a number. */
  name: string
  /** The text of each cell, by its column. */
  cells: ReadonlyMap<string, string>
}

/** @returns a Markdown table with a line for each row of `now`, or a sentence if there is nothing to compare with. */
export function standing(before: string, now: string): string {
  const earlier = new Map(rowsOf(before).map(row => [row.name, row.cells]))
  const lines = rowsOf(now).map(({ name, cells }) => {
    const was = earlier.get(name)
    const changes = [...cells].map(([column, text]) => changeOf(column, was?.get(column), text))
    return `| ${name} | ${was ? changes.filter(Boolean).join('; ') || 'as before' : 'new'} |`
  })
  if (lines.length === 0) return 'No table in this run.'
  return ['| row | committed run → this run (ratio) |', '|---|---|', ...lines].join('\n')
}

/** Empty for a cell without figures or with the same ones. */
function changeOf(column: string, before: string | undefined, now: string): string {
  const [old, current] = [figuresIn(before ?? ''), figuresIn(now)]
  if (old.length !== current.length) return before === undefined ? '' : `${column}: ${before} → ${now}`
  const pairs = current.flatMap((figure, index) => {
    const was = old[index] ?? 0
    return figure === was ? [] : [`${was} → ${figure}${was === 0 ? '' : ` (${(figure / was).toFixed(2)})`}`]
  })
  return pairs.length === 0 ? '' : `${column} ${pairs.join(', ')}`.trim()
}

function figuresIn(text: string): number[] {
  return (text.match(/\d+(?:\.\d+)?/g) ?? []).map(Number)
}

function rowsOf(document: string): Row[] {
  const rows: Row[] = []
  const seen = new Map<string, number>()
  let [section, columns]: [string, string[]] = ['', []]
  let isHeader = true
  for (const line of document.split('\n')) {
    if (line.startsWith('#')) section = line.replace(/^#+ */, '')
    const cells = line.startsWith('|')
      ? line
          .split('|')
          .slice(1, -1)
          .map(cell => cell.trim())
      : null
    if (cells === null) isHeader = true
    else if (isHeader) {
      columns = cells
      isHeader = false
    } else if (!cells.every(cell => /^-+$/.test(cell))) rows.push(rowOf(cells))
  }
  return rows

  function rowOf([label = '', ...cells]: string[]): Row {
    const name = `${section}: ${label}`
    const times = (seen.get(name) ?? 0) + 1
    seen.set(name, times)
    const named = cells.map((cell, index) => [columns[index + 1] ?? '', cell] as const)
    return { name: times === 1 ? name : `${name} (${times})`, cells: new Map(named) }
  }
}
