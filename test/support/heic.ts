/** HEIC files: one that heif-enc wrote, and large ones as iPhones write them, from tiles. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { ROOT } from './program.ts'

/** 360 x 360 pixels of sample offer 10203, by Debian's heif-enc. */
export const HEIC = readFileSync(path.join(ROOT, 'test/fixtures/pictures/tray.heic'))

const TILE_SIDE = 360

const u8 = (...values: number[]) => Buffer.from(values)
const u16 = (...values: number[]) => Buffer.concat(values.map(value => Buffer.from([value >> 8, value & 255])))
const u32 = (...values: number[]) => {
  const bytes = Buffer.alloc(4 * values.length)
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, 4 * index)
  return bytes
}
const box = (type: string, ...parts: Buffer[]) => {
  const content = Buffer.concat(parts)
  return Buffer.concat([u32(8 + content.length), Buffer.from(type, 'latin1'), content])
}

/** The contents of the first box of that type. */
function contentOf(file: Buffer, type: string): Buffer {
  const at = file.indexOf(type, 0, 'latin1')
  return file.subarray(at + 4, at - 4 + file.readUInt32BE(at - 4))
}

/**
 * A picture of `columns` x `rows` times the same tile of 360 pixels (ISO/IEC 23008-12, image grid).
 * @param withPreview the tile is also the picture's preview, as iPhones write one of 320 x 240 pixels.
 */
export function gridHeic(columns: number, rows: number, withPreview = false): Buffer {
  const tiles = Array.from({ length: columns * rows }, (_, index) => index + 1)
  const grid = tiles.length + 1
  const preview = withPreview ? [grid + 1] : []
  const items = [...tiles, grid, ...preview]
  const [width, height] = [columns * TILE_SIDE, rows * TILE_SIDE]
  const data = contentOf(HEIC, 'mdat')
  // Tiles are hidden.
  const infos = items.map(id =>
    box('infe', u32(id >= grid ? 0x02000000 : 0x02000001), u16(id, 0), Buffer.from(id === grid ? 'grid\0' : 'hvc1\0')),
  )
  const properties = [
    box('hvcC', contentOf(HEIC, 'hvcC')),
    box('ispe', u32(0, TILE_SIDE, TILE_SIDE)),
    box('ispe', u32(0, width, height)),
  ]
  const associations = items.map(id => Buffer.concat([u16(id), id === grid ? u8(1, 3) : u8(2, 0x81, 2)]))
  const gridBytes = Buffer.concat([u8(0, 1, rows - 1, columns - 1), u32(width, height)])
  const ftyp = box('ftyp', Buffer.from('heic\0\0\0\0mif1heic'))
  const metaWith = (dataAt: number) => {
    // Construction method 1 is the idat box of this meta box.
    const places = items.map(id =>
      Buffer.concat([
        u16(id, id === grid ? 1 : 0, 0, 1),
        id === grid ? u32(0, gridBytes.length) : u32(dataAt, data.length),
      ]),
    )
    return box(
      'meta',
      u32(0),
      box('hdlr', u32(0, 0), Buffer.from('pict'), u32(0, 0, 0), u8(0)),
      box('pitm', u32(0), u16(grid)),
      box('iloc', u32(0x01000000), u8(0x44, 0), u16(items.length), ...places),
      box('iinf', u32(0), u16(items.length), ...infos),
      box(
        'iref',
        u32(0),
        box('dimg', u16(grid, tiles.length, ...tiles)),
        ...preview.map(id => box('thmb', u16(id, 1, grid))),
      ),
      box('iprp', box('ipco', ...properties), box('ipma', u32(0, items.length), ...associations)),
      box('idat', gridBytes),
    )
  }
  const dataAt = ftyp.length + metaWith(0).length + 8
  return Buffer.concat([ftyp, metaWith(dataAt), box('mdat', data)])
}
