/** A host that is always this machine: an address literal, `localhost`, or a name below it (RFC 6761 §6.3). For building patterns. */
export const LOOPBACK_HOST = String.raw`(?:127\.0\.0\.1|\[::1\]|(?:[a-z\d_-]+\.)*localhost)`

const WHOLE = new RegExp(`^${LOOPBACK_HOST}$`)

/** Whether a host name, as a parsed URL has it, is always this machine. */
export function isLoopbackHost(hostname: string): boolean {
  return WHOLE.test(hostname)
}
