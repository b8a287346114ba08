/** Picture files that are named like a row of the sheet. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { openImportFile } from '../../../src/catalogue/import/import-file.ts'
import { DRY_IMPORT } from '../../support/import-options.ts'

let top: string
let folder: string
beforeAll(() => {
  top = mkdtempSync(path.join(tmpdir(), 'mcp-1688-named-'))
})
beforeEach(() => {
  folder = mkdtempSync(path.join(top, 'photos-'))
})
afterAll(() => rmSync(top, { recursive: true, force: true }))

function addFiles(...names: string[]): void {
  for (const name of names) {
    const file = path.join(folder, name)
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, 'a picture')
  }
}

/** By title: the files that became its pictures, then what was noted or why it was left out. */
async function read(sheet: string) {
  const file = path.join(top, 'sheet.csv')
  writeFileSync(file, sheet)
  const opened = await openImportFile(file, { ...DRY_IMPORT, pictures: folder, matchesNames: true })
  const rows: unknown[] = []
  for await (const row of opened.rows) {
    if ('reason' in row) rows.push(row.reason)
    else rows.push([[row.offer.imageUrl ?? '', ...(row.offer.photos ?? [])].map(nameOf), ...row.notes])
  }
  return { rows, unmatched: opened.unmatchedPictures() }
}

function nameOf(address: string): string {
  const name = decodeURIComponent(address)
  return name.slice(name.lastIndexOf('/') + 1)
}

it('finds the pictures of a row by its ID, article number or title, whatever case and separators they have', async () => {
  addFiles('791912182230.jpg', 'more/mug_01.PNG', 'blue mug（350ml）.webp', 'logo.png', 'notes.txt', '.hidden.jpg')
  const { rows, unmatched } = await read(
    'id,sku,title\n791912182230,,Cup\n,MUG-01,Mug\n,,Blue Mug (350ml)\n,PLATE-9,Plate\n',
  )
  expect(rows).toEqual([[['791912182230.jpg']], [['mug_01.PNG']], [['blue mug（350ml）.webp']], 'No picture.'])
  expect(unmatched).toEqual(['logo.png'])
})

it('takes numbered files as further pictures, unless another row has just that name', async () => {
  addFiles('MUG.jpg', 'MUG-1.jpg', 'MUG_2.jpg', 'MUG (10).jpg', 'MUG-100.jpg')
  const { rows, unmatched } = await read('sku,title\nMUG,A\nmug 1,B\n')
  expect(rows).toEqual([[['MUG.jpg', 'MUG_2.jpg', 'MUG (10).jpg']], [['MUG-1.jpg']]])
  expect(unmatched).toEqual(['MUG-100.jpg'])
})

it('guesses nothing where a name is not clear, and says so for each row', async () => {
  addFiles('Mug.jpg', 'a1.jpg', 'a1.png', 'b1.jpg')
  const { rows } = await read('sku,title\na1,Mug\nb1,Mug\nc1,Mug\n')
  const shared = 'Picture file "Mug.jpg" is named like lines 2, 3 and 4: not used.'
  expect(rows).toEqual([
    expect.stringMatching(
      /^Picture files "a1\.(?:jpg|png)" and "a1\.(?:jpg|png)" have the same name: neither is used\.$/,
    ),
    [['b1.jpg'], shared],
    shared,
  ])
})

it('keeps articles apart that differ by where a separator stands', async () => {
  addFiles('12-3.jpg')
  expect((await read('sku,title\n1-23,A\n12-3,B\n')).rows).toEqual(['No picture.', [['12-3.jpg']]])
})

it('puts what the row itself shows first, and finds files that it names without ending or by another folder', async () => {
  addFiles('cup.jpg', 'S1.jpg', 'S2.jpg')
  const { rows } = await read(
    [
      'sku,title,image',
      'S1,A,https://cbu01.alicdn.com/a.jpg',
      'S2,B,photos/gone.jpg',
      'S3,C,Cup',
      'S4,D,C:\\Users\\Li\\cup.JPG',
      'S5,E,plate',
    ].join('\n'),
  )
  expect(rows).toEqual([
    [['a.jpg', 'S1.jpg']],
    [['S2.jpg'], 'Picture file not found: "photos/gone.jpg".'],
    [['cup.jpg']],
    [['cup.jpg']],
    'Picture file not found: "plate".',
  ])
})

it('reads no file outside the folder, whatever a link in it is called', async () => {
  writeFileSync(path.join(top, 'secret.jpg'), 'a picture')
  symlinkSync(path.join(top, 'secret.jpg'), path.join(folder, 'S1.jpg'))
  symlinkSync(top, path.join(folder, 'up'))
  expect((await read('sku,title\nS1,A\nsecret,B\n')).rows).toEqual([
    'Picture file outside the folder of the pictures: "S1.jpg".',
    'No picture.',
  ])
})

it('gives a row without article number the same ID when its file is replaced', async () => {
  const idOf = async () => {
    const file = path.join(top, 'sheet.csv')
    writeFileSync(file, 'title\nMug\n')
    const { rows } = await openImportFile(file, { ...DRY_IMPORT, pictures: folder, matchesNames: true })
    for await (const row of rows) if ('offer' in row) return row.offer.offerId
    return null
  }
  addFiles('mug.jpg')
  const before = await idOf()
  rmSync(path.join(folder, 'mug.jpg'))
  addFiles('Mug.png')
  expect(before).not.toBeNull()
  expect(await idOf()).toBe(before)
})
