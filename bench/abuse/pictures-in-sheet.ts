/** An honest XLSX of 200 MB, 10,000 rows with a picture in each: imported, interrupted once, and imported again. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import sharp from 'sharp'
import { familyMemory } from '../../test/support/process-memory.ts'
import { ROOT } from '../../test/support/program.ts'
import { relationsXml, textRow, workbookOf } from '../../test/support/xlsx-parts.ts'

const ROWS = 10_000
const PICTURE_BYTES = 20_000
const MAX_MB = 700
const MAX_SECONDS = 600
const SAMPLE_MS = 200
/** Enough rows are kept by then, and by far not all. */
const INTERRUPT_AFTER_MS = 12_000

const folder = mkdtempSync(path.join(tmpdir(), 'mcp-1688-pictures-'))
try {
  const sheet = path.join(folder, 'offers.xlsx')
  const bytes = await sheetOfPictures()
  writeFileSync(sheet, bytes)
  console.log(`${ROWS} rows, ${(bytes.length / 1_000_000).toFixed(0)} MB\n`)
  console.log('| run | exit | s | peak PSS, MB | last lines |\n|---|---|---|---|---|')
  await run('interrupted', INTERRUPT_AFTER_MS)
  const { exit, seconds, megabytes } = await run('again', null)
  if (exit !== 0 || seconds > MAX_SECONDS || megabytes > MAX_MB) process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function run(name: string, interruptMs: number | null) {
  const program = path.join(ROOT, 'dist/mcp-1688.js')
  const started = performance.now()
  const child = spawn(process.execPath, [program, 'catalogue', 'import', path.join(folder, 'offers.xlsx')], {
    env: { PATH: process.env.PATH, HOME: folder, MCP1688_DATA_DIR: path.join(folder, 'data') },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', text => (output += text))
  let peak = 0
  const watch = setInterval(() => (peak = Math.max(peak, familyMemory(child.pid ?? 0))), SAMPLE_MS)
  const stop = interruptMs === null ? undefined : setTimeout(() => child.kill('SIGINT'), interruptMs)
  const exit = await ended(child)
  clearInterval(watch)
  clearTimeout(stop)
  const seconds = Math.round((performance.now() - started) / 1000)
  const megabytes = Math.round(peak / 1_048_576)
  const last = output
    .trim()
    .split(/[\r\n]+/)
    .slice(-3)
    .join(' / ')
  console.log(`| ${name} | ${exit} | ${seconds} | ${megabytes} | ${last.slice(-300)} |`)
  return { exit, seconds, megabytes }
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise(resolve => child.once('close', resolve))
}

async function sheetOfPictures(): Promise<Buffer> {
  const photos = await samplePhotos()
  const media = Array.from({ length: ROWS }, (_, row) => ({
    name: `xl/media/image${row}.jpeg`,
    bytes: withComment(photos[row % photos.length] ?? Buffer.alloc(0), row),
  }))
  const anchors = media.map(
    (_, row) =>
      `<xdr:oneCellAnchor><xdr:from><xdr:col>0</xdr:col><xdr:row>${row + 1}</xdr:row></xdr:from><xdr:ext cx="1" cy="1"/><xdr:pic><a:blip r:embed="p${row}"/></xdr:pic></xdr:oneCellAnchor>`,
  )
  const rows = media.map((_, row) => textRow(row + 2, ['', `不锈钢保温杯 ${row}`, '12.50', '50', '永康市某某杯业']))
  const header = textRow(1, ['图片', '标题', '价格', '起订量', '店铺'])
  return workbookOf(
    [
      {
        name: '报价',
        xml: `<sheetData>${header}${rows.join('')}</sheetData><drawing r:id="rId1"/>`,
        relations: [{ id: 'rId1', type: 'drawing', target: '../drawings/drawing1.xml' }],
      },
    ],
    {
      extra: [
        ...media,
        {
          name: 'xl/drawings/drawing1.xml',
          bytes: `<xdr:wsDr xmlns:xdr="x" xmlns:a="a" xmlns:r="r">${anchors.join('')}</xdr:wsDr>`,
        },
        {
          name: 'xl/drawings/_rels/drawing1.xml.rels',
          bytes: relationsXml(
            media.map((_, row) => ({ id: `p${row}`, type: 'image', target: `../media/image${row}.jpeg` })),
          ),
        },
      ],
    },
  )
}

/** As JPEG, at the size that pictures in quote sheets have. */
async function samplePhotos(): Promise<Buffer[]> {
  const samples = path.join(ROOT, 'assets/sample/pictures')
  const names = readdirSync(samples).filter(name => name.endsWith('.webp'))
  return Promise.all(names.map(name => sharp(path.join(samples, name)).resize(500).jpeg({ quality: 80 }).toBuffer()))
}

/** The same picture as another file, filled up to {@link PICTURE_BYTES} by a comment that does not compress. */
function withComment(jpeg: Buffer, row: number): Buffer {
  const filling = Buffer.alloc(Math.max(8, PICTURE_BYTES - jpeg.length))
  for (let at = 0, seed = row + 1; at + 4 <= filling.length; at += 4) {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    filling.writeUInt32LE(seed, at)
  }
  const head = Buffer.from([0xff, 0xfe, 0, 0])
  head.writeUInt16BE(filling.length + 2, 2)
  return Buffer.concat([jpeg.subarray(0, 2), head, filling, jpeg.subarray(2)])
}
