import { Resolver } from 'node:dns/promises'

/** All addresses of a host name; fails when there is none. A test hands in its own. */
export type ResolveName = (name: string, deadline: AbortSignal) => Promise<readonly string[]>

/**
 * Asks the name servers directly. The system's own look-up would take one of the few threads that passwords are hashed on, and a name
 * server that keeps silent could hold them all. This machine's own names are never asked of anybody (RFC 6761 §6.3).
 */
export const resolveName: ResolveName = async (name, deadline) => {
  if (/(^|\.)localhost$/i.test(name)) return ['127.0.0.1', '::1']
  const resolver = new Resolver({ timeout: 2000, tries: 2 })
  const giveUp = () => resolver.cancel()
  deadline.addEventListener('abort', giveUp)
  try {
    const [v4, v6] = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)])
    const found = [v4, v6].flatMap((each) => (each.status === 'fulfilled' ? each.value : []))
    if (found.length === 0) throw v4.status === 'rejected' ? v4.reason : new Error('no address')
    return found
  } finally {
    deadline.removeEventListener('abort', giveUp)
  }
}
