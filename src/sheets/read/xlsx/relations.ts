/** The `.rels` parts: which part or address an ID in another part stands for. */
import path from 'node:path'
import type { Archive } from './archive.ts'
import type { Budget } from './budget.ts'
import { readXml } from './xml.ts'

export interface Relation {
  /** The last word of its type: `worksheet`, `drawing`, `image`, `hyperlink`. */
  type: string
  /** The name of a part, or an address. */
  target: string
  isExternal: boolean
}

/** By ID; empty if the part has none. */
export async function readRelations(archive: Archive, part: string, budget: Budget): Promise<Map<string, Relation>> {
  const relations = new Map<string, Relation>()
  const folder = path.posix.dirname(part)
  const name = path.posix.join(folder, '_rels', `${path.posix.basename(part)}.rels`)
  if (!archive.has(name)) return relations
  await readXml(archive.read(name), budget, {
    open: (element, { Id: id, Type: type = '', Target: target, TargetMode: mode }) => {
      if (element !== 'Relationship' || id === undefined || target === undefined) return
      const isExternal = mode === 'External'
      relations.set(id, {
        type: type.slice(type.lastIndexOf('/') + 1),
        target: isExternal ? target : partName(folder, target),
        isExternal,
      })
    },
  })
  return relations
}

export function findRelation(relations: ReadonlyMap<string, Relation>, type: string): Relation | undefined {
  return [...relations.values()].find(relation => relation.type.toLowerCase() === type.toLowerCase())
}

function partName(folder: string, target: string): string {
  return target.startsWith('/') ? path.posix.normalize(target).slice(1) : path.posix.join(folder, target)
}
