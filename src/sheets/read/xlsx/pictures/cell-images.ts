/** Pictures in cells: WPS keeps them under an ID that a formula names, Excel as a rich value of the cell. */
import type { SheetPicture } from '../../table.ts'
import type { Archive } from '../archive.ts'
import type { Budget } from '../budget.ts'
import { findRelation, type Relation, readRelations } from '../relations.ts'
import { readXml, relationId } from '../xml.ts'
import { pictureOf } from './drawings.ts'

export interface CellImages {
  /** @param id the argument of WPS's formula DISPIMG. */
  byId(id: string): SheetPicture | undefined
  /** @param richValue the attribute `vm` of a cell: an index that counts from 1. */
  byRichValue(richValue: string): SheetPicture | undefined
}

/** @param relations of the workbook. */
export async function readCellImages(
  archive: Archive,
  relations: ReadonlyMap<string, Relation>,
  budget: Budget,
): Promise<CellImages> {
  const ids = await readWpsImages(archive, findRelation(relations, 'cellImage')?.target ?? 'xl/cellimages.xml', budget)
  const values = await readRichValues(archive, relations, budget)
  return { byId: id => ids.get(id), byRichValue: index => values[Number(index) - 1] }
}

async function readWpsImages(archive: Archive, part: string, budget: Budget): Promise<Map<string, SheetPicture>> {
  const images = new Map<string, SheetPicture>()
  if (!archive.has(part)) return images
  const relations = await readRelations(archive, part, budget)
  let id = ''
  await readXml(archive.read(part), budget, {
    open: (name, attributes) => {
      if (name === 'cNvPr') id = attributes.name ?? ''
      if (name !== 'blip') return
      const target = relations.get(relationId(attributes) ?? '')
      if (target && !target.isExternal && archive.has(target.target)) images.set(id, pictureOf(archive, target.target))
    },
  })
  return images
}

/**
 * Excel's way is long: a cell names an entry of valueMetadata, that one of futureMetadata, that a rich value, whose
 * field for a local image is an index of relations.
 * @returns pictures by entry of valueMetadata.
 */
async function readRichValues(
  archive: Archive,
  relations: ReadonlyMap<string, Relation>,
  budget: Budget,
): Promise<(SheetPicture | undefined)[]> {
  const metadata = findRelation(relations, 'sheetMetadata')?.target ?? 'xl/metadata.xml'
  const values = findRelation(relations, 'rdRichValue')?.target ?? 'xl/richData/rdrichvalue.xml'
  const pictures = findRelation(relations, 'richValueRel')?.target ?? 'xl/richData/richValueRel.xml'
  if (![metadata, values, pictures].every(archive.has)) return []
  const valueOfEntry = await readMetadata(archive, metadata, budget)
  const fields = await readFirstFields(archive, values, budget)
  const parts = await readPictureParts(archive, pictures, budget)
  return valueOfEntry.map(value => {
    const part = parts[Number(fields[value ?? -1])]
    return part === undefined ? undefined : pictureOf(archive, part)
  })
}

/** The rich value of each entry of valueMetadata. */
async function readMetadata(archive: Archive, part: string, budget: Budget): Promise<(number | undefined)[]> {
  const richValues: number[] = []
  const entries: number[] = []
  let isRichValues = false
  let isEntries = false
  await readXml(archive.read(part), budget, {
    open: (name, { name: kind, i, v }) => {
      if (name === 'futureMetadata') isRichValues = kind === 'XLRICHVALUE'
      else if (name === 'valueMetadata') isEntries = true
      else if (name === 'rvb' && isRichValues) richValues.push(Number(i))
      else if (name === 'rc' && isEntries) entries.push(Number(v))
    },
    close: name => {
      if (name === 'futureMetadata') isRichValues = false
    },
  })
  return entries.map(entry => richValues[entry])
}

/** Of each rich value the first field, which is the image's index in all that Excel writes. */
async function readFirstFields(archive: Archive, part: string, budget: Budget): Promise<string[]> {
  const fields: string[] = []
  let field: string | null = null
  let isField = false
  await readXml(archive.read(part), budget, {
    open: name => {
      if (name === 'rv') field = null
      isField = name === 'v' && field === null
    },
    text: text => {
      if (isField) field = `${field ?? ''}${text.slice(0, 20)}`
    },
    close: name => {
      isField = false
      if (name === 'rv') fields.push(field ?? '')
    },
  })
  return fields
}

async function readPictureParts(archive: Archive, part: string, budget: Budget): Promise<(string | undefined)[]> {
  const relations = await readRelations(archive, part, budget)
  const parts: (string | undefined)[] = []
  await readXml(archive.read(part), budget, {
    open: (name, attributes) => {
      if (name !== 'rel') return
      const relation = relations.get(relationId(attributes) ?? '')
      parts.push(relation && !relation.isExternal && archive.has(relation.target) ? relation.target : undefined)
    },
  })
  return parts
}
