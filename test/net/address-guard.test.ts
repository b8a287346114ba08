import { isIPv6 } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createAddressGuard, isPublicAddress, type Resolve } from '../../src/net/address-guard.ts'
import { isPublic } from '../support/stub-network.ts'

const octet = fc.integer({ min: 0, max: 255 })
/** Half of the addresses come from special ranges. */
const ipv4 = fc.oneof(
  fc.tuple(octet, octet, octet, octet),
  fc.tuple(fc.constantFrom(0, 10, 100, 127, 168, 169, 172, 192, 198, 203, 224, 240, 255), octet, octet, octet),
  fc.constantFrom<[number, number, number, number]>([169, 254, 169, 254], [168, 63, 129, 16], [192, 0, 0, 192]),
)

/** A number as the URL parser accepts it: decimal, octal or hexadecimal, with leading zeros or full-width digits. */
const notation = fc.constantFrom<((value: number) => string)[]>(
  value => String(value),
  value => `0${value.toString(8)}`,
  value => `000${value.toString(8)}`,
  value => `0x${value.toString(16)}`,
  value => `0X${value.toString(16).toUpperCase()}`,
  value => `0x000${value.toString(16)}`,
  value => String(value).replaceAll(/\d/g, digit => String.fromCodePoint(0xff10 + Number(digit))),
  value => String(value).replaceAll(/\d/g, digit => `%3${digit}`),
)
const dot = fc.constantFrom('.', '。', '．', '｡', '%2e')

/** Joins the last bytes into one number, as in `127.1`. */
function joinTail(bytes: readonly number[], parts: number): number[] {
  const tail = bytes.slice(parts - 1).reduce((sum, byte) => sum * 256 + byte, 0)
  return [...bytes.slice(0, parts - 1), tail]
}

const group = fc.integer({ min: 0, max: 0xffff }).map(value => value.toString(16))
const groups = (length: number) => fc.array(group, { minLength: length, maxLength: length }).map(all => all.join(':'))
/** Most of the addresses have a special prefix. */
const ipv6 = fc.oneof(
  groups(8),
  fc
    .constantFrom(
      '2000',
      '2001',
      '2002',
      '2606',
      '2620',
      '3fff',
      '3ffe',
      '4000',
      '64',
      '100',
      '5f00',
      'fc00',
      'fd00',
      'fe80',
      'ff02',
    )
    .chain(first => groups(7).map(rest => `${first}:${rest}`)),
  fc
    .constantFrom('2001:0', '2001:2', '2001:3', '2001:db8', '2620:4f', '2606:4700')
    .chain(start => groups(6).map(rest => `${start}:${rest}`)),
)
const embedded = fc
  .tuple(ipv4, fc.constantFrom('::ffff:', '::', '::ffff:0:', '64:ff9b::', '64:ff9b:1::'))
  .map(([bytes, prefix]) => `${prefix}${bytes.join('.')}`)

function isLetThrough(url: string): boolean {
  try {
    return createAddressGuard().check(new URL(url)) === 'public'
  } catch {
    return false
  }
}

describe('address guard', () => {
  it('classifies an IPv4 address as IANA does, in every notation', () => {
    fc.assert(
      fc.property(
        ipv4,
        fc.integer({ min: 1, max: 4 }),
        fc.array(notation, { minLength: 4, maxLength: 4 }),
        dot,
        (bytes, parts, write, by) => {
          const host = joinTail(bytes, parts)
            .map((value, index) => write[index]?.(value))
            .join(by)
          expect(isLetThrough(`http://${host}/`)).toBe(isPublic(bytes.join('.')))
        },
      ),
      { numRuns: 3000 },
    )
  })

  it('classifies IPv6 addresses as IANA does', () => {
    fc.assert(
      fc.property(ipv6, address => {
        expect(isLetThrough(`http://[${address}]/`)).toBe(isPublic(address))
        expect(isPublicAddress(address)).toBe(isPublic(address))
      }),
      { numRuns: 3000 },
    )
  })

  it('rejects every IPv4 address inside an IPv6 one, even a public one', () => {
    fc.assert(
      fc.property(embedded, address => {
        expect(isLetThrough(`http://[${address}]/`)).toBe(false)
      }),
    )
  })

  it.each(['', 'example.com', '1.2.3', 'fe80::1%eth0', '::1%lo', '1.2.3.4:80', '[2606:4700::1]'])(
    'takes %j for no public address',
    address => {
      expect(isPublicAddress(address)).toBe(false)
    },
  )

  it.each([
    'http://example.com/',
    'https://example.com:443/',
    'http://example.com:443/',
    'https://example.com:80/',
    'http://1.1.1.1/',
    'http://[2606:4700::1111]/',
  ])('accepts %s', url => expect(createAddressGuard().check(new URL(url))).toBe('public'))

  it.each([
    ['127.0.0.1:8080', 'http://127.0.0.1:8080/x', true],
    ['127.0.0.1:8080', 'http://2130706433:8080/x', true],
    ['127.0.0.1:8080', 'http://127.0.0.1:8081/x', false],
    ['127.0.0.1:80', 'http://127.0.0.1/x', true],
    ['127.0.0.1:443', 'https://127.0.0.1/x', true],
    ['127.0.0.1:443', 'http://127.0.0.1/x', false],
    ['[::1]:9000', 'http://[0:0:0:0:0:0:0:1]:9000/x', true],
    ['Images.Intranet:80', 'http://images.intranet/x', true],
    ['images.intranet:80', 'http://evil.images.intranet/x', false],
    ['images.intranet:80', 'http://user@images.intranet/x', false],
    ['images.intranet:80', 'ftp://images.intranet:80/x', false],
  ])('with %s allowed, %s is allowed: %s', (entry, url, expected) => {
    const guard = createAddressGuard({ allow: [entry] })
    if (expected) expect(guard.check(new URL(url))).toBe('allowed')
    else expect(() => guard.check(new URL(url))).toThrow(expect.objectContaining({ code: 'picture_refused' }))
  })

  it.each([
    '',
    'example.com',
    'http://example.com:80',
    'example.com:',
    'example.com:x',
    'example.com:99999',
    'a/b:80',
    'u@h:80',
    ':80',
  ])('rejects %j as an allowed entry', entry =>
    expect(() => createAddressGuard({ allow: [entry] })).toThrow(
      expect.objectContaining({ code: 'config_invalid', message: expect.stringContaining('MCP1688_IMAGE_ALLOW') }),
    ),
  )

  it('returns DNS answers only if every one of them is public', () => {
    const address = fc.oneof(
      ipv4.map(bytes => bytes.join('.')),
      ipv6,
      fc.constantFrom('1.1.1.1', '93.184.215.14', '2606:4700::1111'),
    )
    fc.assert(
      fc.property(fc.array(address, { maxLength: 4 }), addresses => {
        const answers = addresses.map(each => ({ address: each, family: isIPv6(each) ? 6 : 4 }))
        const guard = createAddressGuard({ resolve: (_name, _options, callback) => callback(null, answers) })
        guard.lookup('name.example.com', {}, (error, given) => {
          const good = addresses.length > 0 && addresses.every(isPublic)
          expect(error === null).toBe(good)
          expect(given).toEqual(good ? answers : [])
        })
      }),
    )
  })

  it('counts the addresses and the name of this server as private, whatever they are written like', () => {
    const own = { ownAddresses: () => ['93.184.215.14', '2606:4700::1111'], ownHosts: ['Shop.Example.com'] }
    const guard = createAddressGuard(own)
    const refused = [
      'http://93.184.215.14/',
      'http://1572394766/',
      'http://[2606:4700:0::1111]/',
      'https://shop.example.com./x',
    ]
    for (const url of refused) expect(() => guard.check(new URL(url)), url).toThrow('not on the public internet')
    expect(guard.check(new URL('http://93.184.215.15/'))).toBe('public')
    const resolve: Resolve = (_name, _options, callback) => callback(null, [{ address: '93.184.215.14', family: 4 }])
    createAddressGuard({ ...own, resolve }).lookup('name.example.com', {}, error => {
      expect(error).toMatchObject({ code: 'picture_refused' })
    })
  })
})
