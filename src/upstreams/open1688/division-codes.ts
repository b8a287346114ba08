/**
 * The codes of Chinese administrative divisions (GB/T 2260; from general knowledge, as of 2024) that freight estimates
 * ask for. Freight templates go by province, so a district of its capital stands for each province.
 */
const DISTRICTS: Readonly<Record<string, number>> = {
  北京: 110105,
  天津: 120101,
  河北: 130102,
  山西: 140105,
  内蒙: 150102,
  辽宁: 210102,
  吉林: 220102,
  黑龙: 230102,
  上海: 310115,
  江苏: 320102,
  浙江: 330108,
  安徽: 340102,
  福建: 350102,
  江西: 360102,
  山东: 370102,
  河南: 410102,
  湖北: 420102,
  湖南: 430102,
  广东: 440106,
  广西: 450102,
  海南: 460105,
  重庆: 500103,
  四川: 510104,
  贵州: 520102,
  云南: 530102,
  西藏: 540102,
  陕西: 610102,
  甘肃: 620102,
  青海: 630102,
  宁夏: 640104,
  新疆: 650102,
}

export interface DivisionCodes {
  province: string
  city: string
  district: string
}

/** @param province its name in Chinese. @returns `null` for one without codes. */
export function codesOf(province: string): DivisionCodes | null {
  const district = DISTRICTS[province.slice(0, 2)]
  if (district === undefined) return null
  const text = String(district)
  return { province: `${text.slice(0, 2)}0000`, city: `${text.slice(0, 4)}00`, district: text }
}
