import { Problem } from '../../kit/refusal.ts'
import type { App } from '../../store/nouns/apps.ts'
import type { Actor } from '../audit/actor.ts'
import { readName } from '../businesses/name.ts'
import type { Parts } from '../parts.ts'
import { DEFAULT_SCOPES, type Scopes } from '../tokens/scopes.ts'
import type { AppDraft } from './app-draft.ts'
import { checkAgreement } from './app-protocol.ts'
import { checkRedirectUri } from './redirect-uri.ts'
import { faultOfWebUri } from './web-uri.ts'

/** What of an app may change after it was registered. */
export type AppSettings = Pick<
  App,
  | 'name'
  | 'redirectUri'
  | 'redirectUris'
  | 'trusted'
  | 'scopes'
  | 'accessTokenFormat'
  | 'accessTokenLifetime'
  | 'jwksUri'
  | 'listing'
  | 'protocol'
>

const MOST_REDIRECT_URIS = 20
const LONGEST_LISTING = 16_384
const LIFETIMES = { least: 60, most: 631_152_000 }

/** An app of which nothing is known yet. */
export const NO_SETTINGS: AppSettings = {
  name: '',
  redirectUri: '',
  redirectUris: [],
  trusted: false,
  scopes: [],
  accessTokenFormat: 'opaque',
  accessTokenLifetime: null,
  jwksUri: null,
  listing: {},
  protocol: {},
}

/**
 * The settings that follow when the draft is laid over what was. Only what the draft names is checked, so that an app stays changeable
 * when rules or catalogues have become stricter since.
 */
export function settleApp(
  draft: AppDraft,
  was: AppSettings & { public: boolean },
  by: Actor,
  { scopes, config }: Pick<Parts, 'scopes' | 'config'>,
): AppSettings {
  if (typeof draft.accessTokenLifetime === 'number') checkLifetime(draft.accessTokenLifetime)
  if (typeof draft.jwksUri === 'string') checkJwksUri(draft.jwksUri, was.public, config.env)
  const settled = {
    name: draft.name === undefined ? was.name : readName(draft.name, 'name'),
    ...settleRedirectUris(draft, was),
    trusted: draft.trusted ?? was.trusted,
    scopes: settleScopes(draft, was.scopes, by, scopes),
    accessTokenFormat: draft.accessTokenFormat ?? was.accessTokenFormat,
    accessTokenLifetime: draft.accessTokenLifetime === undefined ? was.accessTokenLifetime : draft.accessTokenLifetime,
    jwksUri: draft.jwksUri === undefined ? was.jwksUri : draft.jwksUri,
    protocol: draft.protocol ? { ...was.protocol, ...draft.protocol } : was.protocol,
    listing: draft.listing ? settleListing(draft.listing, was.listing) : was.listing,
  }
  checkAgreement({ ...settled, public: was.public })
  return settled
}

function settleRedirectUris(draft: AppDraft, was: AppSettings): Pick<App, 'redirectUri' | 'redirectUris'> {
  if (draft.redirectUri !== undefined) checkRedirectUri(draft.redirectUri, 'redirect_uri')
  for (const uri of draft.furtherRedirectUris ?? []) checkRedirectUri(uri, 'oauth_redirect_uris')
  const redirectUri = draft.redirectUri ?? was.redirectUri
  const redirectUris = [...new Set([redirectUri, ...(draft.furtherRedirectUris ?? was.redirectUris.slice(1))])]
  if (redirectUris.length > MOST_REDIRECT_URIS) {
    const sentence = `An app has at most ${MOST_REDIRECT_URIS} redirect URIs, redirect_uri included.`
    throw new Problem(422, sentence, { field: 'oauth_redirect_uris' })
  }
  return { redirectUri, redirectUris }
}

/** An empty list is no list: then the app has the scopes that apps have by default. */
function settleScopes(draft: AppDraft, was: readonly string[], by: Actor, catalogue: Scopes): readonly string[] {
  const isPlatform = by.directoryUid === null
  const standard = () => DEFAULT_SCOPES.filter((name) => catalogue.mayRegister(name, isPlatform))
  const given = draft.scopes ?? was
  const names = new Set(given.length > 0 ? given : standard())
  const refuse = (sentence: string): never => {
    throw new Problem(422, sentence, { field: 'openid' })
  }
  if (draft.openid === true) names.add('openid')
  if (draft.openid === false) {
    if (draft.scopes?.includes('openid')) refuse('openid is false, yet it is among the scopes; say one or the other.')
    names.delete('openid')
    if (names.size === 0) refuse('Without openid no scope would be left.')
  }
  catalogue.checkRegistrable(
    [...names].filter((name) => !was.includes(name)),
    isPlatform,
  )
  return [...names]
}

function checkLifetime(lifetime: number): void {
  if (Number.isInteger(lifetime) && lifetime >= LIFETIMES.least && lifetime <= LIFETIMES.most) return
  const sentence = `access_token_lifetime must be a whole number of seconds from ${LIFETIMES.least} to ${LIFETIMES.most}.`
  throw new Problem(422, sentence, { field: 'access_token_lifetime' })
}

/** The keys an app proves itself with come from its own server, by https; while developing also from this machine. */
function checkJwksUri(uri: string, isPublic: boolean, env: 'development' | 'production'): void {
  const refuse = (why: string): never => {
    throw new Problem(422, `client_auth_jwks_uri cannot be used: ${why}.`, { field: 'client_auth_jwks_uri' })
  }
  if (isPublic) refuse('a public app does not authenticate')
  const fault = faultOfWebUri(uri)
  if (fault) refuse(fault)
  if (!uri.startsWith('https:') && env === 'production') refuse('use https')
}

function settleListing(given: Record<string, unknown>, was: Record<string, unknown>): Record<string, unknown> {
  const merged = Object.entries({ ...was, ...given }).filter(([, value]) => value !== null)
  const sizes = merged.map(([name, value]) => ({ name, size: JSON.stringify(value).length }))
  if (sizes.reduce((sum, { name, size }) => sum + name.length + size, 0) > LONGEST_LISTING) {
    const [largest] = sizes.sort((a, b) => b.size - a.size)
    const sentence = `What describes the app is larger than ${LONGEST_LISTING} characters; ${largest!.name} is the largest part.`
    throw new Problem(422, sentence, { field: largest!.name })
  }
  return Object.fromEntries(merged)
}
