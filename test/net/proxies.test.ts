import { describe, expect, it } from 'vitest'
import { describeProxies, proxySecrets, readProxies } from '../../src/net/proxies.ts'

describe('readProxies', () => {
  it('reads the variables in either case and prefers lower case', () => {
    const env = {
      HTTPS_PROXY: 'http://upper:1',
      https_proxy: 'http://lower:2',
      HTTP_PROXY: 'proxy:3128',
      NO_PROXY: 'a,b',
    }
    expect(readProxies(env)).toEqual({ https: 'http://lower:2/', http: 'http://proxy:3128/', exempt: 'a,b' })
    expect(readProxies({})).toEqual({ https: null, http: null, exempt: '' })
    expect(readProxies({ HTTPS_PROXY: ' ', no_proxy: '*' })).toEqual({ https: null, http: null, exempt: '*' })
  })

  it.each([
    ['"http://proxy:3128"', 'http://proxy:3128/'],
    ["'proxy:3128'", 'http://proxy:3128/'],
    ['http://proxy:3128/proxy.pac?a=b#c', 'http://proxy:3128/'],
    ['http://jo:50%off@proxy', 'http://jo:50%25off@proxy/'],
    ['http://jo:caf%e9@proxy', 'http://jo:caf%25e9@proxy/'],
    ['http://jo:p%40ss@proxy', 'http://jo:p%40ss@proxy/'],
    ['http://jo@corp:secret@proxy', 'http://jo%40corp:secret@proxy/'],
  ])('reads %s as it was meant', (HTTP_PROXY, http) => {
    const proxies = readProxies({ HTTP_PROXY })
    expect(proxies).toMatchObject({ http })
    expect(() => proxySecrets(proxies)).not.toThrow()
  })

  it.each(['socks5://proxy:1080', 'http://', 'http://a b'])('rejects %s and names its variable', value => {
    expect(() => readProxies({ https_proxy: value })).toThrow(
      'The environment variable https_proxy does not contain the URL of an HTTP proxy.',
    )
  })
})

it('never shows a user name or a password', () => {
  const proxies = readProxies({ HTTPS_PROXY: 'http://jo:s%40fe@proxy.corp:3128', NO_PROXY: '.corp' })
  expect(describeProxies(proxies)).toBe('https through http://***@proxy.corp:3128; directly: .corp')
  expect(describeProxies(readProxies({ HTTP_PROXY: 'proxy' }))).toBe(
    'http through http://proxy, https through http://proxy',
  )
  expect(describeProxies(readProxies({ NO_PROXY: '*' }))).toBeNull()
  expect(proxySecrets(proxies)).toEqual(expect.arrayContaining(['s%40fe', 's@fe']))
})
