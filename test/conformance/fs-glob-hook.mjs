// Owns starting the referee on Node 20: its command that we do not use imports fs.globSync, which Node has from 22 on.
import { register } from 'node:module'

const shim =
  'data:text/javascript,' +
  encodeURIComponent("export * from 'node:fs'; export function globSync() { throw new Error('not needed') }")

const hook = `
export function resolve(specifier, context, next) {
  const isReferee = context.parentURL?.includes('/@modelcontextprotocol/conformance/')
  return specifier === 'fs' && isReferee ? { url: ${JSON.stringify(shim)}, shortCircuit: true } : next(specifier, context)
}`

register(`data:text/javascript,${encodeURIComponent(hook)}`)
