/** A local module, so that the bundle loads the parser with the first page only. */
export { Parser } from 'htmlparser2'
