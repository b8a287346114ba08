import { expect, it } from 'vitest'
import { isSignedAddress } from '../../src/pictures/reference/signed-address.ts'

it.each([
  ['https://oaisdmntprwestus2.blob.core.windows.net/files/a/raw?sig=x', true],
  ['https://oaisdmntpreastus.blob.core.windows.net/files/a/raw', true],
  ['https://files.oaiusercontent.com/file-abc?se=2026', true],
  ['https://oaiusercontent.com.example.com/a.jpg', false],
  ['https://example.blob.core.windows.net/a.jpg', false],
  ['https://cbu01.alicdn.com/img/ibank/a.jpg', false],
])('%s is an attachment of ChatGPT: %s', (address, isSigned) =>
  expect(isSignedAddress(new URL(address))).toBe(isSigned),
)
