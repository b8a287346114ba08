/** What the stand-in model asks each framework for: arguments as models and hosts really write them. */
import type { ModelCall } from './model-server.ts'

export interface ClientCase extends ModelCall {
  title: string
  /** What the model must read; an error has a code. */
  reads: RegExp
}

/** @param photo its path. @param dataUrl the same photo. */
export function clientCases(photo: string, dataUrl: string): ClientCase[] {
  const of = (title: string, tool: string, args: unknown, reads: RegExp): ClientCase => {
    return { title, tool, arguments: typeof args === 'string' ? args : JSON.stringify(args), reads }
  }
  const COMPARED = /10012[\s\S]*10008/
  return [
    // On a busy machine, the first search would not wait until every picture is embedded.
    of('the pictures made ready', 'sync_catalogue', { max_credits: 0 }, /310/),
    of('a photo by its path', 'search_by_image', { image_url: photo, page_size: 2 }, /10008/),
    of('the photo as a data: URL', 'search_by_image', { image_url: dataUrl, page_size: 2 }, /10008/),
    of(
      'null for what is left out',
      'search_by_image',
      { image_url: photo, page_size: 2, max_price: null, location: null },
      /10008/,
    ),
    of(
      'numbers and switches as text',
      'search_by_image',
      { image_url: photo, page: '2', page_size: '2', max_price: '20', include_images: 'true' },
      /page 2/,
    ),
    of('an ID as text', 'get_product_details', { offer_id: '10008' }, /户外运动/),
    of('an ID as a number', 'get_product_details', { offer_id: 10008 }, /户外运动/),
    of('a list of IDs', 'compare_products', { offer_ids: ['10008', '10012'] }, COMPARED),
    of('a list as JSON text', 'compare_products', { offer_ids: '["10008","10012"]' }, COMPARED),
    of('a list of numbers', 'compare_products', { offer_ids: [10008, 10012] }, COMPARED),
    of('the dummy argument of hosts', 'get_usage', { random_string: 'x' }, /sample/i),
    of('no arguments', 'get_usage', {}, /sample/i),
    of('null as arguments', 'get_usage', 'null', /sample/i),
    of('an error', 'get_product_details', { offer_id: '99999' }, /not_found/),
  ]
}
