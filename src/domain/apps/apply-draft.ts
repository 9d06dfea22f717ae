import type { App } from '../../store/nouns/apps.ts'
import { DEFAULT_SCOPES, type Scopes } from '../tokens/scopes.ts'
import type { ReadDraft } from './app-draft.ts'
import { SECRET_ALGORITHMS } from './app-protocol.ts'
import { mergeListing } from './listing.ts'
import { protocolSettings } from './protocol-settings.ts'
import { refuse, refuseSetting } from './refusals.ts'
import { hasSector } from './sector.ts'
import { MOST_REDIRECT_URIS } from './settings.ts'

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

/** The settings of a new app before a draft is applied. */
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
 * Returns the settings after a draft is applied to those before it. What the draft does not name is not checked again, so that an app can
 * still be changed after rules or catalogues have become stricter.
 */
export function applyDraft(
  draft: ReadDraft,
  was: AppSettings & { public: boolean },
  { isPlatform, scopes }: { isPlatform: boolean; scopes: Scopes },
): AppSettings {
  if (draft.jwksUri && was.public) refuseSetting('jwksUri', 'cannot be used: a public app does not authenticate')
  const settings = {
    name: draft.name ?? was.name,
    ...applyRedirectUris(draft, was),
    trusted: draft.trusted ?? was.trusted,
    scopes: applyScopes(draft, was.scopes, isPlatform, scopes),
    accessTokenFormat: draft.accessTokenFormat ?? was.accessTokenFormat,
    accessTokenLifetime: draft.accessTokenLifetime === undefined ? was.accessTokenLifetime : draft.accessTokenLifetime,
    jwksUri: draft.jwksUri === undefined ? was.jwksUri : draft.jwksUri,
    listing: draft.listing ? mergeListing(draft.listing, was.listing) : was.listing,
    protocol: applyProtocol(draft, was.protocol),
  }
  checkAgreement({ ...settings, public: was.public })
  return settings
}

function applyRedirectUris(draft: ReadDraft, was: AppSettings): Pick<App, 'redirectUri' | 'redirectUris'> {
  const [first, ...rest] = draft.redirectUris ?? []
  const redirectUri = first ?? draft.redirectUri ?? was.redirectUri
  const further = first === undefined ? (draft.furtherRedirectUris ?? was.redirectUris.slice(1)) : rest
  const redirectUris = [...new Set([redirectUri, ...further])]
  if (redirectUris.length > MOST_REDIRECT_URIS) refuse('redirect-uri.too-many', { most: MOST_REDIRECT_URIS })
  return { redirectUri, redirectUris }
}

/** An empty list means the default scopes. */
function applyScopes(draft: ReadDraft, was: readonly string[], isPlatform: boolean, catalogue: Scopes): string[] {
  const given = draft.scopes || draft.demandScopes ? [...(draft.scopes ?? []), ...(draft.demandScopes ?? [])] : was
  const defaults = DEFAULT_SCOPES.filter((name) => catalogue.mayRegister(name, isPlatform))
  const names = new Set(given.length > 0 ? given : defaults)
  if (draft.openid === true) names.add('openid')
  if (draft.openid === false) {
    if (given !== was && given.includes('openid')) refuse('openid.contradicted')
    names.delete('openid')
    if (names.size === 0) refuse('openid.only-scope')
  }
  catalogue.checkRegistrable(
    [...names].filter((name) => !was.includes(name)),
    isPlatform,
  )
  return [...names]
}

function applyProtocol(draft: ReadDraft, was: App['protocol']): App['protocol'] {
  const merged = { ...was, ...pickProtocol(draft) }
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null))
}

function pickProtocol(draft: ReadDraft): Record<string, unknown> {
  return Object.fromEntries(Object.entries(draft).filter(([name]) => Object.hasOwn(protocolSettings, name)))
}

/** Refuses settings that contradict each other, no matter when they were set. */
function checkAgreement(app: AppSettings & { public: boolean }): void {
  const { protocol, jwksUri } = app
  const { authMethod, authSigningAlg } = protocol
  if (protocol.jwks && jwksUri !== null)
    refuseSetting('jwks', 'and a URI of keys exclude each other; leave one of them out')
  if (authMethod === 'private_key_jwt' && !protocol.jwks && jwksUri === null)
    refuseSetting('authMethod', 'is private_key_jwt, which needs public keys of the app, as jwks or at a URI')
  if (authMethod !== undefined && (authMethod === 'none') !== app.public)
    refuseSetting('authMethod', 'is none for a public app, and for no other')
  const isWithSecret = SECRET_ALGORITHMS.some((each) => each === authSigningAlg)
  if (authSigningAlg !== undefined && isWithSecret !== (authMethod === 'client_secret_jwt'))
    refuseSetting('authSigningAlg', 'must be HS256 for client_secret_jwt, and for no other')
  if (!hasSector(app))
    refuseSetting(
      'sectorIdentifierUri',
      'is needed for pairwise subjects where the redirect URIs are not all on one host, by https',
    )
}
