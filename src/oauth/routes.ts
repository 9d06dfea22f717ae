import { preflight } from '../http/reply.ts'
import { Problem } from '../kit/refusal.ts'
import type { Handler, Route, Voice } from '../site.ts'
import { authorize } from './endpoints/authorize.ts'
import { consent } from './endpoints/consent.ts'
import { jwks } from './endpoints/jwks.ts'
import { metadata } from './endpoints/metadata.ts'
import { resume } from './endpoints/resume.ts'
import { token } from './endpoints/token.ts'
import { userinfo } from './endpoints/userinfo.ts'
import { sayOAuth } from './voice.ts'

/** An endpoint that pages of other origins may call, with its preflight (Fetch §4.8). Never authorize: that one is for people. */
function open(path: string, methods: readonly ('GET' | 'POST')[], handle: Handler): Route[] {
  return [
    ...methods.map((method) => ({ method, path, handle, voice: sayOAuth })),
    { method: 'OPTIONS', path, handle: () => preflight([...methods, 'OPTIONS'].join(', ')), voice: sayOAuth },
  ]
}

/** HEAD goes wherever GET does (RFC 9110 §9.3.2), but not where GET may make a code: nobody would be there to take it. */
function notHead(handle: Handler, allow: string): Handler {
  return (incoming, site) => {
    if (incoming.method !== 'HEAD') return handle(incoming, site)
    throw new Problem(405, `This address answers ${allow} alone.`, { headers: { allow } })
  }
}

/** The protocol's paths. What goes wrong on the way of a person is said on a page. */
export function oauthRoutes(sayPage: Voice): Route[] {
  return [
    ...['/app/oauth/authorize', '/oauth/authorize'].flatMap((path): Route[] => [
      { method: 'GET', path, handle: notHead(authorize, 'GET, POST'), voice: sayPage },
      { method: 'POST', path, handle: authorize, voice: sayPage },
    ]),
    { method: 'GET', path: '/oauth/resume', handle: notHead(resume, 'GET'), voice: sayPage },
    { method: 'POST', path: '/oauth/consent', handle: consent, voice: sayPage },
    ...open('/oauth/token', ['POST'], token),
    ...open('/oauth/userinfo', ['GET', 'POST'], userinfo),
    ...open('/oauth/jwks', ['GET'], jwks),
    ...open('/.well-known/openid-configuration', ['GET'], metadata),
    ...open('/.well-known/oauth-authorization-server', ['GET'], metadata),
  ]
}
