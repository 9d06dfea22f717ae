import { Resolver } from 'node:dns/promises'

/** Finds all addresses of a host name. Rejects when there is none, or when `deadline` aborts first. */
export type ResolveName = (name: string, deadline: AbortSignal) => Promise<readonly string[]>

/**
 * Makes a resolver that asks name servers directly: those given (`127.0.0.1:5353`), or the ones of this machine. The system's resolver
 * would use the few threads that hash passwords, and a silent name server could block them all. Names below `localhost` are never
 * sent to a name server (RFC 6761 §6.3).
 */
export function openResolver(servers?: readonly string[]): ResolveName {
  return async (name, deadline) => {
    if (/(^|\.)localhost$/i.test(name)) return ['127.0.0.1', '::1']
    const resolver = new Resolver({ timeout: 2000, tries: 2 })
    if (servers) resolver.setServers(servers)
    const cancel = () => resolver.cancel()
    deadline.addEventListener('abort', cancel)
    try {
      const [v4, v6] = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)])
      const found = [v4, v6].flatMap((each) => (each.status === 'fulfilled' ? each.value : []))
      if (found.length === 0) throw v4.status === 'rejected' ? v4.reason : new Error('no address')
      return found
    } finally {
      deadline.removeEventListener('abort', cancel)
    }
  }
}
