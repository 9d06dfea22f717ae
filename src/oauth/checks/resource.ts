import { faultOfUri } from '../../domain/apps/web-uri.ts'
import type { Params } from '../../http/params.ts'
import { isSameUri } from '../../kit/uri-key.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import { refuse } from '../errors/refusals.ts'
import type { Resource, Target } from '../issue/permission.ts'

const MAX_RESOURCES = 5

/**
 * Returns the resources of an authorization request (RFC 8707 §2.1) as they are registered: the app may get a token for each, and each accepts at
 * least one of the scopes. Our issuer is the platform's own API, which needs no registration.
 */
export async function readResources(
  params: Params,
  scopes: readonly string[],
  app: App,
  site: Site,
): Promise<readonly string[]> {
  const requested = await readRequested(params, app, site)
  if (requested.length > MAX_RESOURCES) refuse('target.too-many', { most: MAX_RESOURCES })
  const names = new Set<string>()
  for (const identifier of requested.length > 0 ? requested : defaultOf(app)) {
    const resource = await needResource(identifier, app, site)
    narrowScopes(scopes, resource)
    names.add(resource?.identifier ?? site.config.issuer)
  }
  return [...names]
}

/**
 * Returns the granted resource that a token request asks for (RFC 8707 §2.2), with the scopes that it accepts. If the authorization request
 * named no resource, the platform's own API was granted.
 */
export async function chooseTarget(
  form: Params,
  app: App,
  granted: readonly string[] | undefined,
  scopes: readonly string[],
  site: Site,
): Promise<Target> {
  const among = granted && granted.length > 0 ? granted : [site.config.issuer]
  const requested = await readOne(form, app, site)
  if (requested === undefined && among.length > 1) refuse('target.several-granted', { granted: among.join(' or ') })
  const identifier = among.find((each) => requested === undefined || isSameUri(each, requested))
  if (identifier === undefined)
    refuse(granted?.length ? 'target.not-granted' : 'target.none-granted', { granted: among.join(', ') })
  return targetAt(identifier, scopes, app, site)
}

/** Returns the resource for a token of the app itself (RFC 8707 §2.2), with the scopes that it accepts. */
export async function readOwnTarget(form: Params, app: App, scopes: readonly string[], site: Site): Promise<Target> {
  const [byDefault = site.config.issuer] = defaultOf(app)
  return targetAt((await readOne(form, app, site)) ?? byDefault, scopes, app, site)
}

async function targetAt(identifier: string, scopes: readonly string[], app: App, site: Site): Promise<Target> {
  const resource = await needResource(identifier, app, site)
  return { resource, scopes: narrowScopes(scopes, resource) }
}

/** Returns the scopes that the resource accepts. Refuses if it accepts none of them. */
function narrowScopes(scopes: readonly string[], resource: Resource | undefined): readonly string[] {
  const accepted = resource?.scopes
  if (!accepted || scopes.length === 0) return scopes
  const narrowed = scopes.filter((name) => accepted.includes(name))
  if (narrowed.length > 0) return narrowed
  const those = accepted.length > 0 ? `only ${accepted.join(' ')}` : 'no scope at all'
  return refuse('target.other-scopes', { resource: resource.identifier, scopes: those })
}

function defaultOf({ protocol: { defaultResource } }: App): readonly string[] {
  return defaultResource === undefined ? [] : [defaultResource]
}

/**
 * Returns the requested resources: the values of `resource`, or else those of `audience` that name a resource of the app, as clients send that do
 * not know RFC 8707. An `audience` often has another meaning, so any other value is ignored.
 */
async function readRequested(params: Params, app: App, site: Site): Promise<readonly string[]> {
  const sent = new Set(params.all('resource'))
  if (sent.size > 0) return [...sent]
  const audiences = [...new Set(params.all('audience'))].slice(0, MAX_RESOURCES)
  const found = await Promise.all(audiences.map((each) => findResource(each, app, site)))
  return audiences.filter((_, index) => found[index] !== undefined)
}

/** A token is for one resource, so that no resource can use it at another one. */
async function readOne(form: Params, app: App, site: Site): Promise<string | undefined> {
  const [resource, ...others] = await readRequested(form, app, site)
  if (others.some((each) => !isSameUri(each, resource!))) refuse('target.not-one')
  return resource
}

async function needResource(identifier: string, app: App, site: Site): Promise<Resource | undefined> {
  const found = await findResource(identifier, app, site)
  if (found !== undefined) return found ?? undefined
  const fault = faultOfUri(identifier)
  if (fault) refuse('target.malformed', { fault })
  return refuse('target.unregistered', { resource: identifier.slice(0, 200) })
}

/** Returns the resource of an identifier if the app may request it, and null for the platform's own API. */
export async function findResource(
  identifier: string,
  app: App,
  { store, config }: Site,
): Promise<Resource | null | undefined> {
  if (isSameUri(identifier, config.issuer)) return null
  const found = faultOfUri(identifier) ? undefined : await store.resources.findLive(identifier)
  if (!found || found.directoryUid === null) return found
  // A partner's resource gives way to an app with this client id, for which its tokens could pass as ID tokens.
  const isOwn = found.directoryUid === app.directoryUid
  return isOwn && !(await store.apps.findLiveByClientId(found.identifier)) ? found : undefined
}
