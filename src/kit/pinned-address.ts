import { isIP, type LookupFunction } from 'node:net'
import { OutboundFault } from './outbound-fault.ts'
import { isPublicAddress } from './public-address.ts'
import type { ResolveName } from './resolve-name.ts'

/** Resolves the host of a URL once and returns all addresses. Throws when one of them is not public, unless that is allowed. */
export async function addressesOf(
  url: URL,
  how: { allowPrivate: boolean; resolve: ResolveName },
  deadline: AbortSignal,
): Promise<readonly string[]> {
  const name = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  const addresses = isIP(name) ? [name] : await how.resolve(name, deadline)
  if (addresses.length === 0 || !addresses.every((each) => isIP(each))) throw new OutboundFault('No address was found.')
  const bad = how.allowPrivate ? undefined : addresses.find((each) => !isPublicAddress(each))
  if (bad !== undefined) throw new OutboundFault(`${url.host} is at ${bad}, which is not a public address.`)
  return addresses
}

/** Makes a connection use only these addresses, even if the name later resolves to others. SNI and Host keep the name. */
export function pinned(addresses: readonly string[]): LookupFunction {
  const all = addresses.map((address) => ({ address, family: isIP(address) }))
  return (_name, { all: wantsAll }, give) => {
    if (wantsAll) give(null, all)
    else give(null, all[0]!.address, all[0]!.family)
  }
}
