/** Damages JSON as a changing upstream does: fields removed, nulled, or of another type. */
import fc from 'fast-check'

/** Replacement values: other types, and strings that are nearly right, hostile or too long. */
const REPLACEMENTS: readonly unknown[] = [
  '',
  ' ',
  '0',
  '-1',
  '12',
  '１２',
  '1.5',
  '1e999',
  'NaN',
  '5万+',
  '13%',
  '￥16.50',
  '3.2~4.5',
  'text',
  'true',
  'false',
  '<font color=red>text</font>',
  '\u202Etext\u200B\n\u0000',
  'javascript:alert(1)',
  'file:///etc/passwd',
  '//pictures.example/x.jpg',
  'https://user:secret@pictures.example/x.jpg',
  'x'.repeat(5_000),
  '9'.repeat(400),
  true,
  false,
  0,
  -1,
  1,
  1.5,
  1e20,
  2 ** 53,
  [],
  {},
  [[]],
  [null],
  ['text'],
  { text: 'text' },
]

interface Fault {
  /** The index of the node among all nodes. */
  at: number
  kind: 'remove' | 'null' | 'replace'
  value: unknown
}

type Container = Record<string | number, unknown>

const fault: fc.Arbitrary<Fault> = fc.record({
  at: fc.nat(),
  kind: fc.constantFrom('remove', 'null', 'replace', 'replace'),
  value: fc.oneof({ weight: 15, arbitrary: fc.constantFrom(...REPLACEMENTS) }, fc.jsonValue({ maxDepth: 1 })),
})

/** `body` with one to six faults below its root, or another value altogether. */
export function spoiled(body: unknown): fc.Arbitrary<unknown> {
  const faults = fc.array(fault, { minLength: 1, maxLength: 6 })
  const json = JSON.stringify(body)
  const paths = pathsOf(body)
  const damaged = faults.map(list => list.reduce((copy, each) => damageAt(copy, paths, each), JSON.parse(json)))
  return fc.oneof({ weight: 30, arbitrary: damaged }, fc.jsonValue({ maxDepth: 2 }))
}

/** Where each node is in the undamaged body: finding them again after each fault would take most of the time. */
function pathsOf(value: unknown, path: readonly string[] = []): string[][] {
  if (!isContainer(value)) return []
  return Object.keys(value).flatMap(key => [[...path, key], ...pathsOf(value[key], [...path, key])])
}

/** Changes `body` in place, unless an earlier fault has taken that node away. */
function damageAt(body: unknown, paths: readonly string[][], { at, kind, value }: Fault): unknown {
  const path = paths[at % Math.max(1, paths.length)] ?? []
  let parent: unknown = body
  for (const key of path.slice(0, -1)) parent = isContainer(parent) ? parent[key] : undefined
  const key = path.at(-1)
  // Where an earlier fault put an array, a field such as `length` is not one of the body.
  if (isContainer(parent) && key !== undefined && Object.keys(parent).includes(key)) apply(parent, key, kind, value)
  return body
}

/** `body` with each of its fields in turn nulled, left out, and (a leaf) with its JSON type exchanged. */
export function driftsOf(body: unknown): { path: string; drifted: unknown }[] {
  const count = nodesOf(body).length
  return Array.from({ length: count }, (_, at) => at).flatMap(at => {
    const node = nodesOf(body)[at]
    const value = node?.parent[node.key]
    const kinds =
      isContainer(value) || value === null ? (['null', 'remove'] as const) : (['null', 'remove', 'replace'] as const)
    return kinds.map(kind => ({
      path: `${at} ${node?.key} ${kind}`,
      drifted: damage(structuredClone(body), { at, kind, value: exchanged(value) }),
    }))
  })
}

function exchanged(value: unknown): unknown {
  return typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) ? Number(value) : String(value)
}

export function leavesOf(value: unknown, found: (string | number | boolean)[] = []): (string | number | boolean)[] {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') found.push(value)
  else if (isContainer(value)) for (const inner of Object.values(value)) leavesOf(inner, found)
  return found
}

function damage(body: unknown, { at, kind, value }: Fault): unknown {
  const nodes = nodesOf(body)
  const node = nodes[at % Math.max(1, nodes.length)]
  if (!node) return body
  apply(node.parent, node.key, kind, value)
  return body
}

function apply(parent: Container, key: string, kind: Fault['kind'], value: unknown): void {
  if (kind !== 'remove') parent[key] = kind === 'null' ? null : structuredClone(value)
  else if (Array.isArray(parent)) parent.splice(Number(key), 1)
  else delete parent[key]
}

function nodesOf(value: unknown, found: { parent: Container; key: string }[] = []) {
  if (!isContainer(value)) return found
  for (const key of Object.keys(value)) {
    found.push({ parent: value, key })
    nodesOf(value[key], found)
  }
  return found
}

function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null
}
