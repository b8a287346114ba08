/** Opens XLSX files, as Excel, WPS, LibreOffice, Google Sheets and libraries write them. */
import { type TableFile, unreadable } from '../table.ts'
import { type Archive, openArchive } from './archive.ts'
import { type Budget, createBudget } from './budget.ts'
import type { CellContext } from './cells.ts'
import { type Outline, readOutline } from './outline.ts'
import { readCellImages } from './pictures/cell-images.ts'
import { findRelation, readRelations } from './relations.ts'
import { readSharedStrings } from './shared-strings.ts'
import { readSheetRows } from './sheet-rows.ts'
import { readStyles } from './styles.ts'
import { readXml, relationId } from './xml.ts'

interface SheetPart {
  name: string
  part: string
}

/** @throws AppError `invalid_input` if the file is damaged, too large, protected, or another kind of ZIP file. */
export async function openWorkbook(file: string): Promise<TableFile> {
  const budget = createBudget()
  const archive = await openArchive(file, budget)
  try {
    const workbook = await findWorkbook(archive, budget)
    const { sheets, context } = await readWorkbook(archive, workbook, budget)
    return {
      sheets: sheets.map(sheet => {
        let outline: Promise<Outline> | undefined
        return {
          name: sheet.name,
          columns: null,
          isDelimited: false,
          rows: async function* () {
            outline ??= readOutline(archive, sheet.part, budget)
            yield* readSheetRows(archive.read(sheet.part), await outline, context, budget)
          },
        }
      }),
      close: async () => {
        context.strings.close()
        archive.close()
      },
    }
  } catch (error) {
    archive.close()
    throw error
  }
}

async function findWorkbook(archive: Archive, budget: Budget): Promise<string> {
  const relation = findRelation(await readRelations(archive, '', budget), 'officeDocument')
  const workbook = relation?.target ?? 'xl/workbook.xml'
  if (archive.has(workbook) && !workbook.endsWith('.bin')) return workbook
  const names = [...archive.names()]
  if (names.some(name => name.endsWith('workbook.bin'))) throw unreadable('a binary Excel file (.xlsb)')
  if (names.some(name => name.endsWith('.iwa') || name === 'index.zip'))
    throw unreadable('an Apple Numbers file (.numbers)')
  if (names.includes('content.xml')) throw unreadable('an OpenDocument file (.ods)')
  throw unreadable('a ZIP file without a spreadsheet')
}

async function readWorkbook(
  archive: Archive,
  workbook: string,
  budget: Budget,
): Promise<{ sheets: SheetPart[]; context: CellContext }> {
  const relations = await readRelations(archive, workbook, budget)
  const sheets: SheetPart[] = []
  let is1904 = false
  await readXml(archive.read(workbook), budget, {
    open: (name, attributes) => {
      if (name === 'workbookPr') is1904 = /^(?:1|true)$/.test(attributes.date1904 ?? '')
      if (name !== 'sheet' || /hidden/i.test(attributes.state ?? '')) return
      const relation = relations.get(relationId(attributes) ?? '')
      // Sheets of charts and macros have another type.
      if (relation?.type !== 'worksheet' || !archive.has(relation.target)) return
      sheets.push({ name: attributes.name ?? '', part: relation.target })
    },
  })
  if (sheets.length === 0) throw unreadable('a spreadsheet without a visible sheet')
  return {
    sheets,
    context: {
      formatOf: await readStyles(archive, findRelation(relations, 'styles')?.target, budget),
      images: await readCellImages(archive, relations, budget),
      is1904,
      strings: await readSharedStrings(archive, findRelation(relations, 'sharedStrings')?.target, budget),
    },
  }
}
