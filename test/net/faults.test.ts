import { expect, it } from 'vitest'
import { faultOf, NotConnectedError } from '../../src/net/faults.ts'

const failed = (code: string) => Object.assign(new Error(code), { code })

it.each([
  ['ENOTFOUND', 'unknown_host'],
  ['EAI_AGAIN', 'unreachable'],
  ['ECONNREFUSED', 'unreachable'],
  ['ECONNRESET', 'unreachable'],
  ['UND_ERR_CONNECT_TIMEOUT', 'unreachable'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'no_tls'],
  ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'no_tls'],
  ['EPROTO', 'no_tls'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'untrusted_certificate'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'untrusted_certificate'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'untrusted_certificate'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'untrusted_certificate'],
  ['CERT_NOT_YET_VALID', 'untrusted_certificate'],
  ['CERT_HAS_EXPIRED', 'untrusted_certificate'],
  ['INVALID_CA', 'untrusted_certificate'],
])('%s before a connection is established is %s', (code, kind) => {
  expect(faultOf(new NotConnectedError(failed(code)))).toEqual({ kind, code, wasConnected: false })
})

it.each([
  ['UND_ERR_HEADERS_TIMEOUT', 'timed_out'],
  ['UND_ERR_BODY_TIMEOUT', 'timed_out'],
  ['UND_ERR_RES_EXCEEDED_MAX_SIZE', 'too_large'],
  ['ECONNRESET', 'broken_off'],
  ['ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC', 'broken_off'],
])('%s on an established connection is %s', (code, kind) => {
  expect(faultOf(failed(code))).toEqual({ kind, code, wasConnected: true })
})

it('reads the code of the cause', () => {
  expect(faultOf(new Error('fetch failed', { cause: failed('ECONNRESET') })).code).toBe('ECONNRESET')
  expect(faultOf('no error at all')).toEqual({ kind: 'broken_off', code: '', wasConnected: true })
})
