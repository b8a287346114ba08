import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Place, parsePlace, placeFit, resolvePlace } from '../../../src/offers/place/place.ts'
import { PLACES } from '../../../src/offers/place/place-data.ts'

const at = (province: string | null, city: string | null): Place => ({ province, city })

describe('parsePlace', () => {
  it.each([
    [['广东省肇庆市'], '广东省', '肇庆市'],
    [['浙江', '杭州'], '浙江省', '杭州市'],
    [['广东中山市'], '广东省', '中山市'],
    [['金华市'], '浙江省', '金华市'],
    [['中国 浙江省 金华市 义乌市'], '浙江省', '义乌市'],
    [['浙江省', '义乌'], '浙江省', '义乌市'],
    [['杭州', '浙江'], '浙江省', '杭州市'],
    [['浙江省', '浙江省宁波市'], '浙江省', '宁波市'],
    [['北京'], '北京市', '北京市'],
    [['上海市浦东新区'], '上海市', '上海市'],
    [['重庆', '重庆市'], '重庆市', '重庆市'],
    [['广西南宁'], '广西壮族自治区', '南宁市'],
    [['内蒙古自治区呼和浩特市'], '内蒙古自治区', '呼和浩特市'],
    [['新疆喀什'], '新疆维吾尔自治区', '喀什地区'],
    [['延边州'], '吉林省', '延边朝鲜族自治州'],
    [['吉林'], '吉林省', null],
    [['吉林省吉林市'], '吉林省', '吉林市'],
    [['海南'], '海南省', null],
    [['海南藏族自治州'], '青海省', '海南藏族自治州'],
    [['江苏苏州'], '江苏省', '苏州市'],
    [['安徽宿州'], '安徽省', '宿州市'],
    [['广东省', null], '广东省', null],
    [['广东省广州市白云区'], '广东省', '广州市'],
    [['香港'], '香港特别行政区', null],
    [['Guangdong', 'Shenzhen'], '广东省', '深圳市'],
    [['Guangdong', 'Futian District, Shenzhen'], '广东省', '深圳市'],
    [['Zhejiang', 'Keqiao District, Shaoxing City'], '浙江省', '绍兴市'],
    [['Futian District, Shenzhen, Guangdong, China'], '广东省', '深圳市'],
  ] as const)('reads %j', (parts, province, city) => {
    expect(parsePlace(...parts)).toEqual(at(province, city))
  })

  it('keeps a town that is not in the table as it is written, and nothing else', () => {
    expect(parsePlace('浙江省', '某某县')).toEqual(at('浙江省', '某某县'))
    expect(parsePlace(null, '某某县')).toEqual(at(null, '某某县'))
    for (const text of ['', '  ', '火星', 'ignore all instructions', '<b>', '12345', 'Suzhou']) {
      expect(parsePlace(text)).toEqual(at(null, null))
    }
    expect(parsePlace(null, null)).toEqual(at(null, null))
  })

  it('does not move a town to another province', () => {
    expect(parsePlace('江苏省', '金华市')).toEqual(at('江苏省', '金华市'))
    expect(parsePlace('北京市', '朝阳区')).toEqual(at('北京市', '北京市'))
  })

  it('never fails', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), text => {
        const { province, city } = parsePlace(text)
        expect(province === null || PLACES.includes(`\n${province} `)).toBe(true)
        expect(city === null || /^\p{Script=Han}+$/u.test(city)).toBe(true)
      }),
    )
  })
})

describe('resolvePlace', () => {
  it.each([
    ['Guangdong', '广东省', null],
    ['guang zhou', '广东省', '广州市'],
    ['GUANGZHOU CITY', '广东省', '广州市'],
    ['江\u200b苏', '江苏省', null],
    ['yiwu', '浙江省', '义乌市'],
    ['Yiwu, Zhejiang', '浙江省', '义乌市'],
    ['Zhejiang Yiwu', '浙江省', '义乌市'],
    ["Xi'an", '陕西省', '西安市'],
    ['xian', '陕西省', '西安市'],
    ['Lvliang', '山西省', '吕梁市'],
    ['Lüliang', '山西省', '吕梁市'],
    ['Inner Mongolia', '内蒙古自治区', null],
    ['Shi Shi', '福建省', '石狮市'],
    ['Hainan', '海南省', null],
    ['Jilin', '吉林省', null],
    ['Shaanxi', '陕西省', null],
    ['Shanghai, China', '上海市', '上海市'],
    ['浙江', '浙江省', null],
    ['义乌', '浙江省', '义乌市'],
    ['广州市白云区', '广东省', '广州市'],
  ])('knows %s', (text, province, city) => {
    expect(resolvePlace(text)).toEqual([at(province, city)])
  })

  it.each([
    ['Suzhou', ['苏州市', '宿州市']],
    ['Fuzhou', ['福州市', '抚州市']],
    ['Taizhou', ['泰州市', '台州市']],
    ['yi chun', ['伊春市', '宜春市']],
    ['Yulin', ['玉林市', '榆林市']],
  ])('gives every place that %s can mean', (text, cities) => {
    expect(resolvePlace(text).map(place => place.city)).toEqual(cities)
  })

  it('distinguishes 山西 and 陕西 only if the spelling does', () => {
    expect(resolvePlace('Shanxi').map(place => place.province)).toEqual(['山西省', '陕西省'])
    expect(resolvePlace('Datong, Shanxi')).toEqual([at('山西省', '大同市')])
  })

  it.each(['', 'Atlantis', '火星', 'Shenzen', 'Hangzhouxyz', 'Yiwu, Guangdong', '123', 'a'])('knows no %j', text => {
    expect(resolvePlace(text)).toEqual([])
  })
})

describe('the table', () => {
  it('has all prefectures of the mainland', () => {
    const perLine = PLACES.trim()
      .split('\n')
      .map(line => (line.split(': ')[1] ?? '').replaceAll(/\([^)]*\)/g, '').split(',').length)
    // 333 prefectures, 22 towns directly under a province, and 7 lines without any.
    expect(perLine.reduce((sum, count) => sum + count, 0)).toBe(333 + 22 + 7)
  })

  it('is found again by every name in it', () => {
    for (const [, written = '', latin = ''] of PLACES.matchAll(/(\p{Script=Han}+) ([^,;:()\n]+)/gu)) {
      const places = resolvePlace(written)
      expect(places, written).toHaveLength(1)
      // Spelled like the province of that name, which is what a buyer means.
      if (written === '海南藏族自治州') continue
      for (const spelling of latin.trim().split('/')) {
        const found = resolvePlace(spelling)
        const [place = at(null, null)] = places
        expect(
          found.some(wider => placeFit([wider], place) === 'fits'),
          `${written} ${spelling}`,
        ).toBe(true)
      }
    }
  })
})

describe('placeFit', () => {
  const fitIn = (filter: string, province: string | null, city: string | null) =>
    placeFit(resolvePlace(filter), at(province, city))

  it('finds a place in itself and in what it is part of', () => {
    expect(fitIn('浙江', '浙江省', '金华市')).toBe('fits')
    expect(fitIn('Jinhua', '浙江省', '金华市')).toBe('fits')
    expect(fitIn('Jinhua', '浙江省', '义乌市')).toBe('fits')
    expect(fitIn('金华', null, '义乌市')).toBe('fits')
    expect(fitIn('上海', '上海', null)).toBe('fits')
    expect(fitIn('Suzhou', '安徽省', '宿州市')).toBe('fits')
  })

  it('does not find the whole in the part', () => {
    expect(fitIn('义乌', '浙江省', '金华市')).toBe('misses')
    expect(fitIn('金华', null, '某某市')).toBe('misses')
    expect(fitIn('Guangdong', '广西壮族自治区', '南宁市')).toBe('misses')
    expect(fitIn('Atlantis', '浙江省', '金华市')).toBe('misses')
    expect(fitIn('Atlantis', null, null)).toBe('misses')
  })

  it('leaves open what a listing does not say', () => {
    expect(fitIn('金华', null, null)).toBe('unknown')
    expect(fitIn('金华', '浙江省', null)).toBe('unknown')
    expect(fitIn('金华', '广东省', null)).toBe('misses')
  })
})
