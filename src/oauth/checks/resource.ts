import { faultOfUri } from '../../domain/apps/web-uri.ts'
import type { Params } from '../../http/params.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import { refuse } from '../errors/refusals.ts'
import type { Resource, Target } from '../issue/permission.ts'

const MOST = 5

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
  if (identifiers.length > MOST) refuse('target.too-many', { most: MOST })
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
    refuse('target.several-granted', { granted: among.join(' or ') })
  }
  if (!among.includes(identifier))
    refuse(granted?.length ? 'target.not-granted' : 'target.none-granted', { granted: among.join(', ') })
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
  const those = accepted.length > 0 ? `only ${accepted.join(' ')}` : 'no scope at all'
  return refuse('target.other-scopes', { resource: resource.identifier, scopes: those })
}

/** A token is for one resource, so that no resource can use it at another. */
function askedFor(form: Params): string | undefined {
  const asked = [...new Set(form.all('resource'))]
  if (asked.length > 1) refuse('target.not-one')
  return asked[0]
}

async function needResource(identifier: string, app: App, { store, config }: Site): Promise<Resource | undefined> {
  if (identifier === config.issuer) return undefined
  const fault = faultOfUri(identifier)
  if (fault) {
    refuse('target.malformed', { fault })
  }
  const found = await store.resources.findLive(identifier)
  if (found && (found.directoryUid === null || found.directoryUid === app.directoryUid)) return found
  return refuse('target.unregistered', { resource: identifier.slice(0, 200) })
}
