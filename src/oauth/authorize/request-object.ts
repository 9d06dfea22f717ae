import { decodeJwt } from 'jose'

/**
 * Returns the `response_mode` of a request object (RFC 9101 §4), or undefined if it has none or cannot be read. The signature is not verified, so
 * use it only to send an error to a redirect URI that is proven without it.
 */
export function findRequestObjectMode(object: string | undefined): string | undefined {
  try {
    const mode: unknown = object === undefined ? undefined : decodeJwt(object).response_mode
    return typeof mode === 'string' ? mode : undefined
  } catch {
    return undefined
  }
}
