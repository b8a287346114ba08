/** A row of either database: a column's type is unknown until it is read. */
export type Row = Readonly<Record<string, unknown>>

/** PostgreSQL's driver returns large numbers as text. Like all readers here, throws for a value of another type. */
export function numberIn(row: Row | undefined, column: string): number {
  const value = row?.[column]
  const number = typeof value === 'string' || typeof value === 'bigint' ? Number(value) : value
  return typeof number === 'number' && !Number.isNaN(number) ? number : refuse(value, column, 'a number')
}

export function nullableNumberIn(row: Row | undefined, column: string): number | null {
  return row?.[column] === null ? null : numberIn(row, column)
}

export function textIn(row: Row | undefined, column: string): string {
  const value = row?.[column]
  return typeof value === 'string' ? value : refuse(value, column, 'text')
}

export function nullableTextIn(row: Row | undefined, column: string): string | null {
  return row?.[column] === null ? null : textIn(row, column)
}

export function bytesIn(row: Row | undefined, column: string): Uint8Array {
  const value = row?.[column]
  return value instanceof Uint8Array ? value : refuse(value, column, 'bytes')
}

export function nullableBytesIn(row: Row | undefined, column: string): Uint8Array | null {
  return row?.[column] === null ? null : bytesIn(row, column)
}

/** Names only the type, since the value may be a secret. */
function refuse(value: unknown, column: string, expected: string): never {
  throw new TypeError(`Column ${column} is not ${expected} but ${value === null ? 'null' : typeof value}.`)
}
