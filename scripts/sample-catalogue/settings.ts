/** Owns the places goods are photographed in: the surface below, the blurred view behind and the light. */
import { bokeh, cloth, gradient, grain, grass, marble, room, shelves, stone, svg, tiles, wood } from './surfaces.ts'
import { loadTexture, type Texture } from './texture.ts'
import { shadeHex } from './vector.ts'

export type LightName = 'soft' | 'day' | 'window' | 'warm' | 'side' | 'flash'
export type Setting = {
  ground: Texture
  tile: number
  shine: number
  backdrop: Texture
  /** Distance behind the goods where the surface ends; `fade` is how gently. */
  edge: number
  fade: number
  light: LightName
}

type Plan = {
  ground: string
  tile: number
  shine: number
  backdrop: string
  haze: number
  edge: number
  fade: number
  light: LightName
}

const sweep = (hex: string, light: LightName, top = shadeHex(hex, 1.35)): Plan => ({
  ground: svg(grain(shadeHex(hex, 0.975), hex, '0.4', 2, 1)),
  tile: 0.3,
  shine: 0.01,
  backdrop: gradient(top, hex, '#000000'),
  haze: 20,
  edge: 2.6,
  fade: 3.4,
  light,
})

const GOODS = ['#c8553d', '#e9c46a', '#5b8e7d', '#457b9d', '#f1ede4', '#8d5a97', '#d98c5f'] as const

const PLANS = {
  studio: sweep('#e4e5e6', 'soft', '#fbfbfb'),
  wood: {
    ground: wood('#8a5a35', '#c99a68', '#4a2d18'),
    tile: 0.24,
    shine: 0.03,
    backdrop: room('#cfc8ba', '#7f8f94', '#a97c50', '#5f7f57'),
    haze: 13,
    edge: 2.2,
    fade: 0.12,
    light: 'day',
  },
  marble: {
    ground: marble('#eeecea', '#77787c'),
    tile: 0.22,
    shine: 0.05,
    backdrop: gradient('#b9bec1', '#d8dad9', '#3b4450'),
    haze: 10,
    edge: 2,
    fade: 0.1,
    light: 'day',
  },
  linen: {
    ground: cloth('#d8cdbb'),
    tile: 0.35,
    shine: 0,
    backdrop: gradient('#efe9dd', '#d8cdbb', '#5a4a30'),
    haze: 10,
    edge: 3,
    fade: 2.5,
    light: 'side',
  },
  paper: sweep('#e9b9ae', 'soft'),
  meadow: {
    ground: grass('#3d5a26', '#93ad52'),
    tile: 0.3,
    shine: 0,
    backdrop: bokeh('#dfeccb', '#7fa052', ['#f4f7d8', '#b8d07a', '#5f8a3c', '#ffffff'], 'meadow'),
    haze: 9,
    edge: 3,
    fade: 2.4,
    light: 'flash',
  },
  shelf: {
    ground: wood('#d3b48c', '#ecd7b5', '#a37b4d', 2),
    tile: 0.2,
    shine: 0.03,
    backdrop: shelves('#d2b48a', GOODS, 'shop'),
    haze: 11,
    edge: 1.7,
    fade: 0.1,
    light: 'warm',
  },
  slate: {
    ground: stone('#2e3033', '#54585d'),
    tile: 0.25,
    shine: 0.04,
    backdrop: gradient('#1c1e22', '#3a3e44', '#000000'),
    haze: 12,
    edge: 2.4,
    fade: 1.6,
    light: 'side',
  },
  window: {
    ground: stone('#c9c2b6', '#e3ddd2', 1.3),
    tile: 0.25,
    shine: 0.01,
    backdrop: gradient('#d9d2c5', '#cfc6b7', '#4f4637'),
    haze: 8,
    edge: 1.9,
    fade: 0.3,
    light: 'window',
  },
  blue: sweep('#a9c8d8', 'side'),
  mint: sweep('#bfd8c2', 'soft'),
  street: {
    ground: stone('#8d8a85', '#b7b2aa', 2),
    tile: 0.5,
    shine: 0,
    backdrop: bokeh('#b8c3cc', '#8b8478', ['#ffe7b0', '#e8a35c', '#ffffff', '#64788a', '#c0574a'], 'street'),
    haze: 8,
    edge: 3,
    fade: 1.2,
    light: 'flash',
  },
  tiles: {
    ground: tiles('#dfe3e4', '#a8adae'),
    tile: 0.4,
    shine: 0.05,
    backdrop: room('#e4e1da', '#b4848a', '#c9a77d', '#79966b'),
    haze: 12,
    edge: 2.4,
    fade: 0.15,
    light: 'flash',
  },
  desk: {
    ground: wood('#4a2f20', '#7d5436', '#24140c', 3),
    tile: 0.2,
    shine: 0.04,
    backdrop: room('#94806a', '#54402f', '#6e4a2c', '#3f5a3c'),
    haze: 12,
    edge: 2,
    fade: 0.12,
    light: 'warm',
  },
  parquet: {
    ground: wood('#b27a48', '#dba973', '#7d4f29', 6),
    tile: 0.2,
    shine: 0.04,
    backdrop: bokeh('#efe1cc', '#c49a6c', ['#fff3d6', '#ffd79a', '#ffffff', '#d99a6a'], 'cafe'),
    haze: 8,
    edge: 2.1,
    fade: 0.1,
    light: 'window',
  },
} satisfies Record<string, Plan>

export type SettingName = keyof typeof PLANS

export async function loadSetting(name: SettingName): Promise<Setting> {
  const plan: Plan = PLANS[name]
  const [ground, backdrop] = await Promise.all([loadTexture(plan.ground), loadTexture(plan.backdrop, plan.haze)])
  return { ground, backdrop, tile: plan.tile, shine: plan.shine, edge: plan.edge, fade: plan.fade, light: plan.light }
}
