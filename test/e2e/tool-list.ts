/** Rules for advertised schemas, because in some hosts one bad tool breaks every request. */

/** The JSON Schema keywords that all hosts accept. */
const ALLOWED_KEYWORDS = new Set([
  ...['type', 'properties', 'required', 'description', 'enum', 'items', 'minimum', 'maximum', 'minItems', 'maxItems'],
  ...['minLength', 'maxLength', 'default', 'additionalProperties', '$schema'],
])

/** @returns each violation in a schema, as a path with a reason. */
export function schemaViolations(schema: unknown, path = ''): string[] {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return [`${path}: not a schema`]
  const found: string[] = []
  for (const [keyword, value] of Object.entries(schema)) {
    if (!ALLOWED_KEYWORDS.has(keyword)) found.push(`${path}: keyword ${keyword}`)
    if (keyword === 'type' && typeof value !== 'string') found.push(`${path}: several types`)
    if (keyword === 'additionalProperties' && typeof value !== 'boolean') found.push(`${path}: schema of extra keys`)
    if (keyword === 'items') found.push(...schemaViolations(value, `${path}[]`))
    if (keyword === 'properties') {
      for (const [name, property] of Object.entries(value)) found.push(...schemaViolations(property, `${path}.${name}`))
    }
  }
  return found
}
