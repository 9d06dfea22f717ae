import { BlockList, isIP, isIPv6 } from 'node:net'

/** Tells from which address a person really comes: believes X-Forwarded-For only as far as our own proxies wrote it. */
export type AddressReader = (peer: string | undefined, forwardedFor: string | undefined) => string

export function openAddressReader(trustedProxies: readonly string[] = []): AddressReader {
  const trusted = new BlockList()
  for (const entry of trustedProxies) {
    const [address, bits] = entry.split('/') as [string, string | undefined]
    const family = isIPv6(address) ? 'ipv6' : 'ipv4'
    if (bits === undefined) trusted.addAddress(address, family)
    else trusted.addSubnet(address, Number(bits), family)
  }
  const isTrusted = (address: string) => trusted.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
  return (peer, forwardedFor) => {
    let address = unmapped(peer ?? '')
    const hops = forwardedFor?.split(',').map((hop) => unmapped(hop.trim())) ?? []
    while (isIP(address) && isTrusted(address) && hops.length > 0) {
      const before = hops.pop()!
      if (!isIP(before)) break
      address = before
    }
    return address
  }
}

/** What counts as one visitor: an IPv4 address, or the /64 that one IPv6 household has, in canonical form. */
export function visitorKey(address: string): string {
  if (!isIPv6(address)) return address || 'unknown'
  const host = URL.parse(`http://[${address.split('%')[0]}]`)?.hostname.slice(1, -1) ?? address
  const [head, tail] = host.split('::') as [string, string | undefined]
  const front = head === '' ? [] : head.split(':')
  const back = tail ? tail.split(':') : []
  const middle = tail === undefined ? [] : Array.from({ length: 8 - front.length - back.length }, () => '0')
  return `${[...front, ...middle, ...back].slice(0, 4).join(':')}::/64`
}

function unmapped(address: string): string {
  return address.toLowerCase().startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address
}
