import assert from 'node:assert/strict'
import { operatorActor } from '../../src/domain/audit/actor.ts'
import { registerResource } from '../../src/domain/tokens/resource.ts'
import type { ResourceDraft } from '../../src/domain/tokens/resource-settings.ts'
import type { App } from '../../src/store/nouns/apps.ts'
import { basic, toForm } from './app-calls.ts'
import type { TestSite } from './test-site.ts'

/** A resource server with its credentials. */
export interface TestResource {
  uid: string
  identifier: string
  clientId: string
  secret: string
}

/** Registers a resource server of a directory, or of the platform. */
export async function makeResource(
  { site }: Pick<TestSite, 'site'>,
  directoryUid: string | null,
  draft: ResourceDraft & { identifier: string },
): Promise<TestResource> {
  const by = operatorActor
  const { resource, secret } = await registerResource({ name: 'Orders API', ...draft, directoryUid }, by, site)
  return { uid: resource.uid, identifier: resource.identifier, clientId: `rs_${resource.uid}`, secret: secret ?? '' }
}

/** The settings of an app that uses client_credentials. */
export const CLIENT_CREDENTIALS: Partial<App> = {
  scopes: ['openid', 'clients_read', 'app/installs'],
  protocol: { grantTypes: ['authorization_code', 'refresh_token', 'client_credentials'] },
}

/** Requests a token with client_credentials; the app authenticates with HTTP Basic. */
export function askToken(
  test: Pick<TestSite, 'fetch'>,
  app: { clientId: string; secret: string },
  parameters: Record<string, string> | string,
): Promise<Response> {
  return post(test, '/oauth/token', app, typeof parameters === 'string' ? parameters : toForm(parameters))
}

/** Introspects a token with the client id and secret of an app or of a resource server. */
export function introspect(
  test: Pick<TestSite, 'fetch'>,
  caller: { clientId: string; secret: string },
  token: string,
  more: Record<string, string> = {},
): Promise<Response> {
  return post(test, '/oauth/introspect', caller, toForm({ token, ...more }))
}

function post(
  test: Pick<TestSite, 'fetch'>,
  path: string,
  { clientId, secret }: { clientId: string; secret: string },
  body: string,
): Promise<Response> {
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    authorization: basic(clientId, secret),
  }
  return test.fetch(path, { method: 'POST', headers, body })
}

/** The whole answer for a token that does not concern the caller (RFC 7662 §2.2). */
export async function isInactive(response: Response, about = ''): Promise<void> {
  assert.equal(response.status, 200, about)
  assert.equal(await response.text(), '{"active":false}', about)
  assert.equal(response.headers.get('cache-control'), 'no-store', about)
}

/** The claims of a JWT, unverified. */
export function payloadOf(jwt: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(jwt.split('.')[1]!, 'base64url').toString())
}
