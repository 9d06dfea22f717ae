import { refusal as httpRefusal } from '../http/refusals.ts'
import { preflight } from '../http/reply.ts'
import type { Handler, Route, Voice } from '../site.ts'
import { SEND_ON_PATH, serveSendOn } from '../ui/send-on.ts'
import { appToken } from './endpoints/app-token.ts'
import { authorize } from './endpoints/authorize.ts'
import { consent } from './endpoints/consent.ts'
import { signOutFor } from './endpoints/end-session.ts'
import { introspect } from './endpoints/introspect.ts'
import { jwks } from './endpoints/jwks.ts'
import { metadata } from './endpoints/metadata.ts'
import { par } from './endpoints/par.ts'
import { register } from './endpoints/register.ts'
import { changeRegistration, endRegistration, showRegistration } from './endpoints/registration.ts'
import { resume } from './endpoints/resume.ts'
import { revoke } from './endpoints/revoke.ts'
import { token } from './endpoints/token.ts'
import { userinfo } from './endpoints/userinfo.ts'
import { sayOAuth, sayToServers } from './errors/voice.ts'
import { sayRegistration } from './registration/voice.ts'

/** An endpoint that pages of other origins may call, with its preflight (Fetch §4.8). Never authorize: that one is for people. */
function open(path: string, methods: readonly ('GET' | 'POST')[], handle: Handler, isHot = false): Route[] {
  return [
    ...methods.map((method) => ({ method, path, handle, voice: sayOAuth, isHot })),
    { method: 'OPTIONS', path, handle: () => preflight([...methods, 'OPTIONS'].join(', ')), voice: sayOAuth },
  ]
}

/** RFC 7591 §3 and RFC 7592 §2, also for apps that run in a browser. */
const REGISTRATION: readonly Route[] = [
  { method: 'POST', path: '/oauth/register', handle: register, voice: sayRegistration },
  { method: 'OPTIONS', path: '/oauth/register', handle: () => preflight('POST, OPTIONS'), voice: sayRegistration },
  { method: 'GET', path: '/oauth/register/:client_id', handle: showRegistration, voice: sayRegistration },
  { method: 'PUT', path: '/oauth/register/:client_id', handle: changeRegistration, voice: sayRegistration },
  { method: 'DELETE', path: '/oauth/register/:client_id', handle: endRegistration, voice: sayRegistration },
  {
    method: 'OPTIONS',
    path: '/oauth/register/:client_id',
    handle: () => preflight('GET, PUT, DELETE, OPTIONS'),
    voice: sayRegistration,
  },
]

/** HEAD goes wherever GET does (RFC 9110 §9.3.2), but not where GET may make a code: nobody would be there to take it. */
function notHead(handle: Handler, allow: string): Handler {
  return (incoming, site) => {
    if (incoming.method !== 'HEAD') return handle(incoming, site)
    throw httpRefusal('address.method', { allowed: allow }, { headers: { allow } })
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
    { method: 'GET', path: '/oauth/logout', handle: notHead(signOutFor, 'GET, POST'), voice: sayPage },
    { method: 'POST', path: '/oauth/logout', handle: signOutFor, voice: sayPage },
    { method: 'GET', path: SEND_ON_PATH, handle: serveSendOn, voice: sayPage },
    ...open('/oauth/token', ['POST'], token, true),
    ...open('/oauth/revoke', ['POST'], revoke),
    // These three are for servers: a page of another origin has no business there.
    { method: 'POST', path: '/oauth/par', handle: par, voice: sayToServers },
    { method: 'POST', path: '/oauth/service/token', handle: appToken, voice: sayToServers },
    { method: 'POST', path: '/oauth/introspect', handle: introspect, voice: sayToServers, isHot: true },
    ...REGISTRATION,
    ...open('/oauth/userinfo', ['GET', 'POST'], userinfo, true),
    ...open('/oauth/jwks', ['GET'], jwks),
    ...open('/.well-known/openid-configuration', ['GET'], metadata),
    ...open('/.well-known/oauth-authorization-server', ['GET'], metadata),
  ]
}
