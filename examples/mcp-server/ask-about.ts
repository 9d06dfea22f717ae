/** What Behalf tells of a live token (RFC 7662 §2.2); there is more, but this server needs no more. */
export interface TokenFacts {
  scope: string
  aud: string | string[]
  business_uid: string
  business_name: string
}

interface Needs {
  authorizationServer: string
  resource: string
  clientId: string
  clientSecret: string
}

/** Whether two identifiers are the same: a slash as the whole path makes no difference (RFC 3986 §6.2.3). */
const isSame = (one: string, other: string) => URL.parse(one)?.href === new URL(other).href

/**
 * Asks at every call, so that a token that was ended a moment ago is of no use here either, and takes none that is meant for somebody
 * else (RFC 8707 §3).
 */
export async function askAbout(token: string, needs: Needs): Promise<TokenFacts | 'refused' | 'unreachable'> {
  const credentials = `${encodeURIComponent(needs.clientId)}:${encodeURIComponent(needs.clientSecret)}`
  try {
    const response = await fetch(`${needs.authorizationServer}/oauth/introspect`, {
      method: 'POST',
      headers: { accept: 'application/json', authorization: `Basic ${Buffer.from(credentials).toString('base64')}` },
      body: new URLSearchParams({ token }),
      redirect: 'error',
      signal: AbortSignal.timeout(5000),
    })
    if (!response.ok) return 'unreachable'
    const told = (await response.json()) as TokenFacts & { active: boolean }
    const audience = [told.aud].flat()
    return told.active && audience.some((each) => isSame(each, needs.resource)) && told.business_uid ? told : 'refused'
  } catch {
    return 'unreachable'
  }
}
