import { BlockList, isIP } from 'node:net'

/** Special-purpose addresses (RFC 6890) and multicast (RFC 5771). */
const NOT_PUBLIC_V4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
]

/** The special parts of global unicast: protocol assignments including Teredo, documentation, 6to4. */
const NOT_PUBLIC_V6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']

/** The only public unicast part of IPv6 (RFC 4291 §2.4), without mapped, translated, local and multicast addresses. */
const PUBLIC_V6 = ['2000::/3']

const special4 = listOf(NOT_PUBLIC_V4, 'ipv4')
const special6 = listOf(NOT_PUBLIC_V6, 'ipv6')
const global6 = listOf(PUBLIC_V6, 'ipv6')

/** Whether an address in canonical text is public. An address with a zone (`%eth0`) is not. */
export function isPublicAddress(address: string): boolean {
  if (address.includes('%')) return false
  const family = isIP(address)
  if (family === 4) return !special4.check(address, 'ipv4')
  return family === 6 && global6.check(address, 'ipv6') && !special6.check(address, 'ipv6')
}

function listOf(networks: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList()
  for (const network of networks) {
    const [address, bits] = network.split('/') as [string, string]
    list.addSubnet(address, Number(bits), family)
  }
  return list
}
