/** Hostile spreadsheets, and an honest large one beside them, each imported by a process of its own. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { openImportFile } from '../../src/catalogue/import/import-file.ts'
import { HOSTILE_SHEETS } from '../../test/support/hostile-sheets.ts'
import { DRY_IMPORT } from '../../test/support/import-options.ts'
import { textRow, workbookOf } from '../../test/support/xlsx-parts.ts'

/** Of processor time: the machine may be busy. */
const MAX_SECONDS = 30
const MAX_MB = 400
const HONEST_ROWS = 100_000

const [file] = process.argv.slice(2)
if (file === undefined) measureAll()
else await importOne(file)

function measureAll(): void {
  const folder = mkdtempSync(path.join(tmpdir(), 'mcp-1688-abuse-sheets-'))
  console.log('| spreadsheet | MB | processor, s | peak RSS, MB | outcome |\n|---|---|---|---|---|')
  try {
    measure(folder, { name: `${HONEST_ROWS} honest rows`, bytes: honestSheet() })
    for (const { name, make } of HOSTILE_SHEETS) measure(folder, { name, bytes: make(1) })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function measure(folder: string, { name, bytes }: { name: string; bytes: Buffer }): void {
  const sheet = path.join(folder, 'sheet.xlsx')
  writeFileSync(sheet, bytes)
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', fileURLToPath(import.meta.url), sheet], {
    encoding: 'utf8',
  })
  const [outcome = '', rss = '', seconds = ''] = stdout.trim().split('\n')
  const megabytes = Number(rss)
  if (!(megabytes <= MAX_MB && Number(seconds) <= MAX_SECONDS)) process.exitCode = 1
  const size = (bytes.length / 1_000_000).toFixed(2)
  console.log(`| ${name} | ${size} | ${seconds} | ${rss} | ${outcome || stderr.slice(-200)} |`)
}

/** Prints what came of it, the peak of the memory and the processor time. */
async function importOne(sheet: string): Promise<void> {
  let offers = 0
  let left = 0
  try {
    for await (const row of (await openImportFile(sheet, DRY_IMPORT)).rows) {
      if ('reason' in row) left += 1
      else offers += 1
    }
    console.log(`${offers} read, ${left} left out`)
  } catch (error) {
    console.log(error instanceof Error ? error.message : String(error))
  }
  // Not maxRSS, which begins with that of the process that started this one.
  const [, peak = ''] = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
  console.log(Math.round(Number(peak) / 1024))
  const { userCPUTime, systemCPUTime } = process.resourceUsage()
  console.log(((userCPUTime + systemCPUTime) / 1e6).toFixed(1))
}

function honestSheet(): Buffer {
  const rows = Array.from({ length: HONEST_ROWS }, (_, index) =>
    textRow(index + 2, [
      `不锈钢保温杯 ${index}`,
      String(791_912_000_000 + index),
      '12.50',
      '50',
      `https://cbu01.alicdn.com/img/${index}.jpg`,
      '永康市某某杯业',
      '永康',
      '500ml',
      '24',
      'x',
      'y',
      'z',
    ]),
  )
  const header = textRow(1, ['标题', '商品ID', '价格', '起订量', '图片', '店铺', '城市', 'a', 'b', 'c', 'd', 'e'])
  return workbookOf([{ name: '报价', xml: `<sheetData>${header}${rows.join('')}</sheetData>` }])
}
