import { hasSecrets } from '../../domain/apps/app-secrets.ts'
import { isLoopbackHost } from '../../kit/loopback.ts'
import { mustUsePkce } from '../../oauth/checks/pkce.ts'
import { findResource } from '../../oauth/checks/resource.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import { type Finding, ok, todo } from '../kit/findings.ts'
import { day } from '../kit/table.ts'

const DAY_SECONDS = 86_400
const SOON_DAYS = 14
/** The last second of a signed 32-bit time, in 2038. */
const MAX_SIGNED_TIME = 2_147_483_647

type Check = (app: App, site: Site, resource?: string) => Finding | undefined | Promise<Finding | undefined>

/** The checks of a registration, in the order in which they are printed. A check that does not apply returns undefined. */
const CHECKS: readonly Check[] = [
  checkBusinesses,
  checkRedirectUris,
  checkScopes,
  checkResource,
  checkSecrets,
  checkKeys,
  checkPkce,
  checkLifetime,
  checkSignOut,
  checkLogoutTokens,
]

/**
 * Checks what is stored about an app, without a request to the server. `resource` is the one that the app requests tokens for, if that is not its
 * default.
 */
export async function examineApp(app: App, site: Site, resource?: string): Promise<Finding[]> {
  const found = await Promise.all(CHECKS.map((check) => check(app, site, resource)))
  return found.filter((each) => each !== undefined)
}

async function checkBusinesses({ directoryUid, businessUid }: App, { store }: Site): Promise<Finding> {
  const name = 'Businesses'
  if (businessUid !== null) return ok(name, `only ${(await store.businesses.find(businessUid))?.name} (${businessUid})`)
  const live = (await store.businesses.list(directoryUid ?? undefined)).filter((each) => each.endedAt === null)
  if (live.length > 0) return ok(name, `${live.length} can connect it`)
  const advice = 'Create one with `behalf business create`, and its people with `behalf staff create`.'
  return todo(name, 'there is none that could connect it', advice)
}

/** Apps in production are seldom on the machine of the person. */
function checkRedirectUris({ redirectUris, public: isPublic }: App, { config }: Site): Finding | undefined {
  if (config.env === 'development' || isPublic) return undefined
  const local = redirectUris.filter((uri) => uri.startsWith('http:'))
  if (local.length === 0) return undefined
  const advice = 'Register the https URL of the app, and an app of its own for development.'
  return todo('Redirect URIs', `${local.join(' ')} reaches a program on the device of the person only`, advice)
}

function checkScopes(app: App, { scopes }: Site): Finding {
  const gone = app.scopes.filter((name) => !scopes.mayAsk(app, name))
  const advice = 'Remove them from the app, or add them to the catalogue that BEHALF_SCOPES_FILE names.'
  if (gone.length > 0) return todo('Scopes', `the catalogue no longer has ${gone.join(' ')}`, advice)
  const idToken = app.scopes.includes('openid') ? '' : '; without openid, it gets no ID token'
  return ok('Scopes', `${app.scopes.join(' ')}${idToken}`)
}

/** The server narrows a token to the scopes of its resource, and refuses a request that is left with none (RFC 8707 §2). */
async function checkResource(app: App, site: Site, given?: string): Promise<Finding> {
  const name = 'Resource'
  const identifier = given ?? app.protocol.defaultResource ?? site.config.issuer
  const resource = await findResource(identifier, app, site)
  if (resource === null) return ok(name, 'tokens are for the API of the platform')
  if (!resource) {
    const advice = 'Create it with `behalf resource create`, for the directory of the app or with --internal.'
    return todo(name, `${identifier} is not registered for this app`, advice)
  }
  const { scopes } = resource
  const accepted = app.scopes.filter((each) => scopes?.includes(each) ?? true)
  if (accepted.length > 0) return ok(name, `tokens are for ${identifier}, with the scopes ${accepted.join(' ')}`)
  return todo(name, `${identifier} accepts none of its scopes`, 'Give the app a scope of the resource (--scope).')
}

async function checkSecrets(app: App, { store, clock }: Site): Promise<Finding | undefined> {
  if (!hasSecrets(app)) return undefined
  const name = 'Secrets'
  const now = clock.now()
  const live = await store.appSecrets.listLive(app.uid, now)
  const advice = `Create one with \`behalf secret create --app ${app.codeName}\`.`
  if (live.length === 0) return todo(name, 'none is valid, so the app cannot authenticate', advice)
  const last = Math.max(...live.map((each) => each.expiresAt ?? Number.POSITIVE_INFINITY))
  if (last < now + SOON_DAYS * DAY_SECONDS) return todo(name, `the last one expires on ${day(last)}`, advice)
  return ok(name, `${live.length} valid`)
}

async function checkKeys(app: App, { appKeys }: Site): Promise<Finding | undefined> {
  if (app.protocol.authMethod !== 'private_key_jwt') return undefined
  const found = await appKeys.find(app, () => true, 'operator')
  if (found) return ok('Keys', `${found.keys.length} public keys`)
  const advice = 'It must answer 200 with a JWK Set, at a public https address and without redirects.'
  return todo('Keys', `${app.jwksUri} could not be read`, advice)
}

function checkPkce(app: App): Finding {
  return ok('PKCE', mustUsePkce(app, app.scopes) ? 'required: the app must send a code_challenge' : 'optional')
}

function checkLifetime({ accessTokenLifetime, public: isPublic, origin }: App, { config, clock }: Site): Finding {
  const isShort = isPublic || origin !== 'platform'
  const lifetime = accessTokenLifetime ?? (isShort ? config.publicAccessTokenLifetime : config.accessTokenLifetime)
  const isLate = clock.now() + lifetime > MAX_SIGNED_TIME
  const note = isLate ? '. If the app stores the time of expiry in 32 bits, set --token-lifetime 3600' : ''
  return ok('Access tokens', `live ${lifetime} seconds${note}`)
}

function checkSignOut({ protocol }: App): Finding {
  const uris = protocol.postLogoutRedirectUris ?? []
  const message =
    uris.length > 0
      ? `returns to ${uris.join(' ')}`
      : 'people stay on the page of this server: no --post-logout-redirect-uri is set'
  return ok('Sign-out', message)
}

/** A server on the internet sends nothing to its own machine, where only an app in development is. */
function checkLogoutTokens({ protocol }: App, { config }: Site): Finding | undefined {
  const uri = protocol.backchannelLogoutUri
  if (uri === undefined) return undefined
  const name = 'Logout tokens'
  if (config.outboundPrivate || !isLoopbackHost(new URL(uri).hostname)) return ok(name, `are sent to ${uri}`)
  const advice = 'On a development server, set BEHALF_OUTBOUND_PRIVATE=on.'
  return todo(name, `${uri} is on the machine of the server, which sends nothing there`, advice)
}
