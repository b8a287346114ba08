import { isIPv6 } from 'node:net'
import ipaddr from 'ipaddr.js'

/** One IPv6 caller usually controls a whole /64, its first eight bytes; an IPv4 address is shorter than that. */
export function networkOf(address: string): string {
  return isIPv6(address) ? ipaddr.process(address).toByteArray().slice(0, 8).join('.') : address
}
