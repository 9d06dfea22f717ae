import { faultOfUri } from '../../domain/apps/web-uri.ts'
import type { Params } from '../../http/params.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import { refuse } from '../errors/error.ts'
import type { Resource, Target } from '../issue/permission.ts'

const MOST = 5
const field = { field: 'resource' }

/**
 * Checks the resources that an authorization request names (RFC 8707 §2.1): the app may ask for a token for each, and each accepts one of the
 * scopes. Our issuer stands for the platform's own API and needs no registration.
 */
export async function checkResources(
  identifiers: readonly string[],
  scopes: readonly string[],
  app: App,
  site: Site,
): Promise<void> {
  if (identifiers.length > MOST) refuse('invalid_target', `There are more than ${MOST} resources; name fewer.`, field)
  for (const identifier of identifiers) narrowScopes(scopes, await needResource(identifier, app, site))
}

/**
 * The resource that this token is asked for, out of those that were granted (RFC 8707 §2.2), and which of the scopes it accepts. Where the
 * authorization request named no resource, the platform's own API was granted.
 */
export async function chooseTarget(
  form: Params,
  app: App,
  granted: readonly string[] | undefined,
  scopes: readonly string[],
  site: Site,
): Promise<Target> {
  const among = granted && granted.length > 0 ? granted : [site.config.issuer]
  const asked = askedFor(form)
  const identifier = asked ?? among[0]!
  if (asked === undefined && among.length > 1) {
    refuse('invalid_target', `Several resources were granted: name one of them, ${among.join(' or ')}.`, field)
  }
  if (!among.includes(identifier)) {
    const why = granted?.length ? `These were granted: ${among.join(', ')}.` : 'The authorization request named none.'
    refuse('invalid_target', `The resource is not one that was granted. ${why}`, field)
  }
  return targetAt(identifier, scopes, app, site)
}

/** The resource that an app asks a token for by itself (RFC 8707 §2.2), and which of the scopes it accepts. */
export async function readOwnTarget(form: Params, app: App, scopes: readonly string[], site: Site): Promise<Target> {
  return targetAt(askedFor(form) ?? site.config.issuer, scopes, app, site)
}

async function targetAt(identifier: string, scopes: readonly string[], app: App, site: Site): Promise<Target> {
  const resource = await needResource(identifier, app, site)
  return { resource, scopes: narrowScopes(scopes, resource) }
}

/** Which of these scopes the resource accepts; refuses to make a token that it would accept for nothing. */
function narrowScopes(scopes: readonly string[], resource: Resource | undefined): readonly string[] {
  const accepted = resource?.scopes
  if (!accepted || scopes.length === 0) return scopes
  const narrowed = scopes.filter((name) => accepted.includes(name))
  if (narrowed.length > 0) return narrowed
  const those = accepted.length > 0 ? `alone these: ${accepted.join(' ')}` : 'none'
  return refuse('invalid_scope', `Of the scopes the resource ${resource.identifier} accepts ${those}.`, {
    field: 'scope',
  })
}

/** A token is for one resource, so that no resource can use it at another. */
function askedFor(form: Params): string | undefined {
  const asked = [...new Set(form.all('resource'))]
  if (asked.length > 1) refuse('invalid_target', 'A token is for one resource: name one, and ask once for each.', field)
  return asked[0]
}

async function needResource(identifier: string, app: App, { store, config }: Site): Promise<Resource | undefined> {
  if (identifier === config.issuer) return undefined
  const fault = faultOfUri(identifier)
  if (fault) {
    refuse('invalid_target', `The resource must be an absolute URI without fragment, as registered: ${fault}.`, field)
  }
  const found = await store.resources.findLive(identifier)
  if (found && (found.directoryUid === null || found.directoryUid === app.directoryUid)) return found
  return refuse(
    'invalid_target',
    `The resource ${identifier.slice(0, 200)} is not registered by the platform or by the directory of this app. It is compared letter for letter.`,
    field,
  )
}
