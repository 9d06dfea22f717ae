import { BlockList, isIP, isIPv6 } from 'node:net'

/** Returns the address of a client. Only the entries of X-Forwarded-For that trusted proxies wrote count. */
export type AddressReader = (peer: string | undefined, forwardedFor: string | undefined) => string

/** With `onSocket`, the server listens on a Unix socket, whose connections have no address. */
export function openAddressReader(trustedProxies: readonly string[] = [], onSocket = false): AddressReader {
  const trusted = new BlockList()
  const trustsSocket = onSocket && trustedProxies.includes('unix')
  for (const entry of trustedProxies) {
    if (entry === 'unix') continue
    const [address, bits] = entry.split('/') as [string, string | undefined]
    const family = isIPv6(address) ? 'ipv6' : 'ipv4'
    if (bits === undefined) trusted.addAddress(address, family)
    else trusted.addSubnet(address, Number(bits), family)
  }
  const isTrusted = (address: string) =>
    address === '' ? trustsSocket : isIP(address) !== 0 && trusted.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
  return (peer, forwardedFor) => {
    let address = unmapped(peer ?? '')
    const hops = forwardedFor?.split(',').map((hop) => unmapped(withoutPort(hop.trim()))) ?? []
    while (isTrusted(address) && hops.length > 0) {
      const before = hops.pop()!
      if (!isIP(before)) break
      address = before
    }
    return address
  }
}

/** Returns what limits count as one visitor: an IPv4 address, or a canonical /64 prefix, which is what one IPv6 household has. */
export function visitorKey(address: string): string {
  if (!isIPv6(address)) return address || 'unknown'
  const host = URL.parse(`http://[${address.split('%')[0]}]`)?.hostname.slice(1, -1) ?? address
  const [head, tail] = host.split('::') as [string, string | undefined]
  const front = head === '' ? [] : head.split(':')
  const back = tail ? tail.split(':') : []
  const middle = tail === undefined ? [] : Array.from({ length: 8 - front.length - back.length }, () => '0')
  return `${[...front, ...middle, ...back].slice(0, 4).join(':')}::/64`
}

/** Removes the port, which some proxies add: `203.0.113.7:5123`, `[2001:db8::7]:5123` (RFC 7239 §6). */
function withoutPort(hop: string): string {
  const [, v6, v4] = /^(?:\[([\da-f:.]+)\]|([\d.]+))(?::\d{1,5})?$/i.exec(hop) ?? []
  return v6 ?? v4 ?? hop
}

/** Turns an IPv4-mapped IPv6 address, with or without dots (RFC 4291 §2.5.5.2), into the IPv4 address. */
function unmapped(address: string): string {
  if (!/^[0:]*:ffff:/i.test(address)) return address
  const host = URL.parse(`http://[${address}]`)?.hostname
  const [, high, low] = /^\[::ffff:([\da-f]{1,4}):([\da-f]{1,4})\]$/.exec(host ?? '') ?? []
  if (high === undefined || low === undefined) return address
  return [high, low].flatMap((part) => [Number.parseInt(part, 16) >> 8, Number.parseInt(part, 16) & 255]).join('.')
}
