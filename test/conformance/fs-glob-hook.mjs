// Lets the referee start on Node 20: a command that we do not use imports fs.globSync, which is new in Node 22.
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
