import { describe, expect, it } from 'vitest'
import { relationsXml, textRow, workbookOf } from '../../support/xlsx-parts.ts'
import { picturesOf, readWorkbook } from '../../support/xlsx-read.ts'

const oneSheet = (xml: string) => [{ name: 'a', xml }]

describe('pictures in a spreadsheet', () => {
  const rows = `<sheetData>${[1, 2, 3].map(row => textRow(row, ['x', 'y'])).join('')}</sheetData>`
  const media = ['one', 'two', 'three'].map(name => ({ name: `xl/media/${name}.png`, bytes: name }))
  const mediaRelations = (folder: string) =>
    relationsXml(
      ['one', 'two', 'three'].map(name => ({ id: name, type: 'image', target: `${folder}media/${name}.png` })),
    )
  const withDrawing = (anchors: string, xml = rows) =>
    workbookOf(
      [
        {
          name: 'a',
          xml: `${xml}<drawing r:id="rId1"/>`,
          relations: [{ id: 'rId1', type: 'drawing', target: '../drawings/drawing1.xml' }],
        },
      ],
      {
        extra: [
          ...media,
          {
            name: 'xl/drawings/drawing1.xml',
            bytes: `<xdr:wsDr xmlns:xdr="x" xmlns:a="a" xmlns:r="r">${anchors}</xdr:wsDr>`,
          },
          { name: 'xl/drawings/_rels/drawing1.xml.rels', bytes: mediaRelations('../') },
        ],
      },
    )
  const pic = (id: string) => `<xdr:pic><xdr:blipFill><a:blip r:embed="${id}"/></xdr:blipFill></xdr:pic>`
  const from = (col: number, row: number, offset = 0) =>
    `<xdr:from><xdr:col>${col}</xdr:col><xdr:row>${row}</xdr:row><xdr:rowOff>${offset}</xdr:rowOff></xdr:from>`

  it('float over the cell that they belong to, several on one and in a group', async () => {
    const bytes = withDrawing(
      `<xdr:oneCellAnchor>${from(1, 0)}<xdr:ext cx="1" cy="1"/>${pic('one')}</xdr:oneCellAnchor>
       <xdr:twoCellAnchor>${from(1, 0)}<xdr:to><xdr:col>1</xdr:col><xdr:row>1</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to><xdr:grpSp>${pic('two')}${pic('three')}</xdr:grpSp></xdr:twoCellAnchor>
       <xdr:absoluteAnchor>${pic('one')}</xdr:absoluteAnchor>`,
    )
    expect(await picturesOf(bytes)).toEqual([
      [[], ['one', 'two', 'three']],
      [[], []],
      [[], []],
    ])
  })

  it('belong to the row below where they begin in the last pixels of one', async () => {
    // 15 points are 190,500 units.
    const bytes = withDrawing(
      `<xdr:oneCellAnchor>${from(0, 0, 180_000)}<xdr:ext cx="1" cy="190500"/>${pic('one')}</xdr:oneCellAnchor>
       <xdr:twoCellAnchor>${from(0, 1, 180_000)}<xdr:to><xdr:row>2</xdr:row><xdr:rowOff>150000</xdr:rowOff></xdr:to>${pic('two')}</xdr:twoCellAnchor>`,
    )
    expect((await picturesOf(bytes)).map(([first]) => first)).toEqual([[], ['one'], ['two']])
  })

  it('are those of the row itself in merged cells', async () => {
    const bytes = withDrawing(
      `<xdr:oneCellAnchor>${from(0, 0)}${pic('one')}</xdr:oneCellAnchor><xdr:oneCellAnchor>${from(0, 2)}${pic('two')}</xdr:oneCellAnchor>`,
      `${rows}<mergeCells><mergeCell ref="A1:A3"/></mergeCells>`,
    )
    expect((await picturesOf(bytes)).map(([first]) => first)).toEqual([['one'], ['one'], ['two']])
  })

  it('lie in cells by the formula of WPS', async () => {
    const row = `<row><c t="str"><f>_xlfn.DISPIMG("ID_2",1)</f><v>=DISPIMG("ID_2",1)</v></c><c><f>DISPIMG("ID_9",1)</f></c></row>`
    const bytes = workbookOf(oneSheet(`<sheetData>${row}</sheetData>`), {
      extra: [
        ...media,
        {
          name: 'xl/cellimages.xml',
          bytes: `<etc:cellImages xmlns:etc="e" xmlns:xdr="x" xmlns:a="a" xmlns:r="r">${['one', 'two'].map((id, index) => `<etc:cellImage><xdr:pic><xdr:nvPicPr><xdr:cNvPr id="${index}" name="ID_${index + 1}"/></xdr:nvPicPr><xdr:blipFill><a:blip r:embed="${id}"/></xdr:blipFill></xdr:pic></etc:cellImage>`).join('')}</etc:cellImages>`,
        },
        { name: 'xl/_rels/cellimages.xml.rels', bytes: mediaRelations('') },
      ],
    })
    expect(await picturesOf(bytes)).toEqual([[['two'], []]])
    const [sheet] = await readWorkbook(bytes)
    expect(sheet?.rows).toMatchObject([
      { cells: [{ value: null }, { problem: 'the cell shows a picture that is not in the file' }] },
    ])
  })

  // The parts of Excel's pictures in cells: [MS-XLSX] 2.6.223 and 2.3.6.
  it('lie in cells as rich values of Excel', async () => {
    const bytes = workbookOf(
      oneSheet(
        '<sheetData><row><c t="e" vm="2"><v>#VALUE!</v></c><c t="e" vm="7"><v>#VALUE!</v></c></row></sheetData>',
      ),
      {
        extra: [
          ...media,
          {
            name: 'xl/metadata.xml',
            bytes: `<metadata><futureMetadata name="XLRICHVALUE"><bk><extLst><ext><xlrd:rvb xmlns:xlrd="x" i="0"/></ext></extLst></bk><bk><extLst><ext><xlrd:rvb xmlns:xlrd="x" i="1"/></ext></extLst></bk></futureMetadata>
            <valueMetadata><bk><rc t="1" v="0"/></bk><bk><rc t="1" v="1"/></bk></valueMetadata></metadata>`,
          },
          {
            name: 'xl/richData/rdrichvalue.xml',
            bytes: '<rvData><rv s="0"><v>0</v><v>5</v></rv><rv s="0"><v>2</v><v>5</v></rv></rvData>',
          },
          {
            name: 'xl/richData/richValueRel.xml',
            bytes: '<richValueRels xmlns:r="r"><rel r:id="one"/><rel r:id="two"/><rel r:id="three"/></richValueRels>',
          },
          { name: 'xl/richData/_rels/richValueRel.xml.rels', bytes: mediaRelations('../') },
        ],
      },
    )
    expect(await picturesOf(bytes)).toEqual([[['three'], []]])
  })
})
