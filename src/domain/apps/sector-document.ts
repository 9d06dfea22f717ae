import type { Outbound } from '../../kit/outbound.ts'
import { OutboundFault } from '../../kit/outbound-fault.ts'
import { refuse } from './refusals.ts'

/**
 * Refuses a sector identifier whose document does not name every redirect URI of the app (OpenID Connect Registration §5): otherwise an
 * app could join another's sector and learn its pairwise subjects. Fetched once, when it is set.
 */
export async function checkSectorDocument(
  uri: string,
  redirectUris: readonly string[],
  outbound: Outbound,
): Promise<void> {
  const listed = readList(await fetchText(uri, outbound))
  const missing = redirectUris.find((each) => !listed?.includes(each))
  if (!listed || missing !== undefined) refuse('sector-document.incomplete')
}

async function fetchText(uri: string, outbound: Outbound): Promise<string> {
  try {
    return (await outbound.get(uri, { accept: ['application/json'] })).text
  } catch (cause) {
    if (!(cause instanceof OutboundFault)) throw cause
    return refuse('sector-document.unreachable', {}, { cause })
  }
}

function readList(text: string): unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}
