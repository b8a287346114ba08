import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { hasIndex } from '../../src/config.ts'
import { loadConfig } from '../../src/load-config.ts'
import { NO_PROXIES } from '../../src/net/proxies.ts'
import { systemClock } from '../../src/time/clock.ts'
import { TOOLS } from '../../src/tools/list.ts'
import { narrowTools, selectTools } from '../../src/tools/selection.ts'
import { open1688 } from '../../src/upstreams/open1688/upstream.ts'
import { parse } from '../../src/upstreams/parse/upstream.ts'
import { sample } from '../../src/upstreams/sample/upstream.ts'
import { tmapi } from '../../src/upstreams/tmapi/upstream.ts'
import { ROOT } from '../support/program.ts'

const namesOf = (wanted: string[], withIndex = true) => selectTools(wanted, withIndex).map(({ name }) => name)

describe('the choice of tools', () => {
  it('has three sets, each larger than the one before', () => {
    expect(namesOf(['core'])).toEqual(['search_by_image', 'get_product_details', 'get_usage', 'get_offer_cards'])
    const sourcing = namesOf(['sourcing'])
    expect(sourcing).toEqual(expect.arrayContaining(namesOf(['core'])))
    expect(sourcing).toEqual(expect.arrayContaining(['search_by_keyword', 'compare_products', 'sync_catalogue']))
    expect(sourcing).not.toContain('draft_inquiry')
    expect(namesOf(['all'])).toEqual(TOOLS.map(({ name }) => name))
  })

  it('offers no tool that reads files of this computer to callers on others', () => {
    expect(namesOf(['all'])).toContain('import_offers')
    expect(selectTools(['all'], true, true).map(({ name }) => name)).not.toContain('import_offers')
  })

  it('leaves sync_catalogue out of the default where there is no index', () => {
    expect(namesOf(['sourcing'], false)).not.toContain('sync_catalogue')
    expect(namesOf(['sourcing', 'sync_catalogue'], false)).toContain('sync_catalogue')
    expect(hasIndex({ upstreams: ['open1688', 'tmapi'] })).toBe(false)
    expect(hasIndex({ upstreams: ['open1688', 'parse'] })).toBe(true)
  })

  it('offers the tools of a page only with a tool that shows the page', () => {
    expect(namesOf(['get_usage'])).toEqual(['get_usage'])
    expect(namesOf(['compare_products'])).toEqual(['compare_products', 'get_offer_cards'])
    expect(namesOf(['pick_photo'])).toEqual(['pick_photo', 'get_offer_cards', 'search_photo'])
  })

  it.each([
    [
      ['serch_by_image'],
      'Invalid --tools (MCP1688_TOOLS): "serch_by_image" is not a tool or a set of tools (did you mean search_by_image?).',
    ],
    [['get_offer_cards'], '"get_offer_cards" is not a tool or a set of tools'],
    [[], 'it selects none of the tools that this server offers.'],
  ])('refuses %j', (wanted, message) => {
    expect(() => selectTools(wanted, true)).toThrow(message)
  })

  it('is only ever narrowed by a caller', () => {
    const offered = selectTools(['core'], true)
    expect(narrowTools(offered, ['all'])).toEqual(offered)
    expect(narrowTools(offered, ['get_usage']).map(({ name }) => name)).toEqual(['get_usage'])
    expect(() => narrowTools(offered, ['compare_products'])).toThrow('selects none')
  })
})

it.each([
  ['sample', sample],
  ['parse', parse],
  ['open1688', open1688],
  ['tmapi', tmapi],
] as const)('%s has an index exactly if the configuration says so', async (name, { create }) => {
  const config = loadConfig({ env: {}, flags: {}, platform: 'linux', homeDir: '/home/buyer' })
  const context = {
    clock: systemClock,
    proxies: NO_PROXIES,
    connections: 1,
    sampleDir: path.join(ROOT, 'assets/sample'),
  }
  const upstream = create(config, context)
  expect(upstream.index !== null).toBe(hasIndex({ upstreams: [name] }))
  await upstream.close()
})
