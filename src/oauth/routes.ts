import type { Endpoint, Handler } from '../endpoint.ts'
import { pageErrors } from '../ui/page-errors.ts'
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

const forPeople = (path: string, methods: Endpoint['methods'], handle: Handler): Endpoint => ({
  path,
  methods,
  readableBy: 'same-origin',
  errors: pageErrors,
  refusesHead: true,
  handle,
})
const open = (path: string, methods: Endpoint['methods'], handle: Handler, errors = sayOAuth): Endpoint => ({
  path,
  methods,
  readableBy: 'any-origin',
  errors,
  handle,
})
const forServers = (path: string, handle: Handler): Endpoint => ({
  path,
  methods: ['POST'],
  readableBy: 'same-origin',
  errors: sayToServers,
  handle,
})

export const oauthEndpoints: readonly Endpoint[] = [
  { ...forPeople('/oauth/authorize', ['GET', 'POST'], authorize), alsoAt: ['/app/oauth/authorize'] },
  forPeople('/oauth/resume', ['GET'], resume),
  forPeople('/oauth/consent', ['POST'], consent),
  forPeople('/oauth/logout', ['GET', 'POST'], signOutFor),
  { ...forPeople(SEND_ON_PATH, ['GET'], serveSendOn), refusesHead: false },
  open('/oauth/token', ['POST'], token),
  open('/oauth/revoke', ['POST'], revoke),
  forServers('/oauth/par', par),
  forServers('/oauth/service/token', appToken),
  forServers('/oauth/introspect', introspect),
  open('/oauth/register', ['POST'], register, sayRegistration),
  open('/oauth/register/:client_id', ['GET'], showRegistration, sayRegistration),
  open('/oauth/register/:client_id', ['PUT'], changeRegistration, sayRegistration),
  open('/oauth/register/:client_id', ['DELETE'], endRegistration, sayRegistration),
  open('/oauth/userinfo', ['GET', 'POST'], userinfo),
  open('/oauth/jwks', ['GET'], jwks),
  {
    ...open('/.well-known/openid-configuration', ['GET'], metadata),
    alsoAt: ['/.well-known/oauth-authorization-server'],
  },
]
