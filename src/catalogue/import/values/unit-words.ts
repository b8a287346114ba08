/** Words for what is counted or priced: a piece, several pieces together, or a measure. */

export type UnitKind = 'piece' | 'carton' | 'dozen' | 'box' | 'pack' | 'set' | 'pallet' | 'measure'

export interface Unit {
  kind: UnitKind
  /** Pieces in it; `null` if the word does not say. */
  size: number | null
  /** As it is written. */
  word: string
}

const WORDS: readonly (readonly [kind: UnitKind, size: number | null, words: string])[] = [
  [
    'piece',
    1,
    'pc pcs pce pces piece pieces unit units ea each item items no nos 件 个 個 只 隻 支 枝 根 条 條 张 張 片 枚 把 顶 頂 台 臺 部 本 块 塊 粒 颗 顆 朵 瓶 罐 枝 盏 辆 ' +
      'stk stck stück stueck st шт штук штука штуки ед adet ad tane ud uds unidad unidades pza pzas pieza piezas pz pezzi pezzo pièce pièces unité unités peça peças un ' +
      'szt sztuk sztuka ks kus kusů cái chiếc con 개 個 点 點',
  ],
  [
    'carton',
    null,
    'carton cartons ctn ctns case cases 箱 件箱 外箱 karton kartons caja cajas cx caixa caixas cartone cartoni koli thùng kiện короб коробка коробки коробок кор 박스 상자 ケース',
  ],
  [
    'dozen',
    12,
    'dozen dozens doz dozs dz dzn dzs 打 docena docenas dúzia dúzias dutzend dtz düzine дюжина дюжины дюжин lố tá ダース 다스 douzaine douzaines dozzina',
  ],
  ['pack', 144, 'gross grs 罗 羅'],
  ['box', null, 'box boxes bx 盒 scatola kutu hộp boîte'],
  [
    'pack',
    null,
    'pack packs pk pks pkt pkts packet packets bag bags 包 袋 упаковка упаковки упаковок упак уп paquete paquetes pacote pacotes paket pakete gói bundle bundles 捆 扎 tray trays',
  ],
  [
    'set',
    null,
    'set sets 套 组 組 pair pairs prs pr 双 雙 对 對 副 компл комплект комплектов комплекта пар пара пары juego juegos par pares paar takım çift bộ đôi jeu paire 켤레 세트 セット 足',
  ],
  [
    'pallet',
    null,
    'pallet pallets plt plts 托 托盘 栈板 palette paletten palé palés паллета паллет palet container containers 柜 货柜 fcl',
  ],
  [
    'measure',
    null,
    'kg kgs kilo kilos 公斤 千克 斤 кг g gr gram grams 克 г t ton tons tonne tonnes 吨 噸 тонна т lb lbs m meter meters metre metres metro metros 米 м cm yd yds yard yards 码 ft sqm ㎡ m2 平方 平方米 l liter litre liters 升 л roll rolls 卷 рулон rollo rolle',
  ],
]

const UNITS = new Map(
  WORDS.flatMap(([kind, size, words]) => words.split(' ').map(word => [word, { kind, size }] as const)),
)

/** Words of a kind, for patterns that say how many pieces are in one. */
export function wordsFor(kind: UnitKind): string {
  const words = WORDS.filter(([each]) => each === kind).flatMap(([, , list]) => list.split(' '))
  return words.sort((a, b) => b.length - a.length).join('|')
}

/** `null` for a word that is not known. */
export function unitNamed(text: string): Unit | null {
  const word = text.normalize('NFKC').trim().replace(/\.$/, '')
  const known = UNITS.get(word.toLowerCase())
  return known === undefined ? null : { ...known, word }
}
