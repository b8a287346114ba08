/** A local module, so that the bundle loads the parser with the first form only. */
export { Busboy } from '@fastify/busboy'
