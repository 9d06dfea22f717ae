import type { App } from '../../store/nouns/apps.ts'
import { namesBusiness } from '../tokens/groups-template.ts'
import type { Scopes } from '../tokens/scopes.ts'
import type { ReadDraft } from './app-draft.ts'
import { SECRET_ALGORITHMS } from './app-protocol.ts'
import { applyColumns } from './column-settings.ts'
import { mergeListing } from './listing.ts'
import { protocolSettings } from './protocol-settings.ts'
import { refuse } from './refusals.ts'
import { hasSector } from './sector.ts'
import { MAX_REDIRECT_URIS } from './settings.ts'

/** The settings of an app that can change. */
export type AppSettings = Omit<
  App,
  'uid' | 'codeName' | 'clientId' | 'directoryUid' | 'public' | 'origin' | 'createdAt' | 'endedAt'
>

/** The settings of a new app before a draft is applied. */
export const NO_SETTINGS: AppSettings = {
  name: '',
  redirectUri: '',
  redirectUris: [],
  trusted: false,
  scopes: [],
  ...applyColumns({}),
  listing: {},
  protocol: {},
}

/**
 * Applies a draft to settings and returns the result. Settings that the draft does not name are not checked again, so that an app can still
 * be changed after rules or catalogues have become stricter.
 */
export function applyDraft(
  draft: ReadDraft,
  was: AppSettings & { public: boolean },
  { isPlatform, scopes }: { isPlatform: boolean; scopes: Scopes },
): AppSettings {
  if (draft.jwksUri && was.public) refuse('jwks.of-public-app')
  const settings = {
    name: draft.name ?? was.name,
    ...applyRedirectUris(draft, was),
    trusted: draft.trusted ?? was.trusted,
    scopes: applyScopes(draft, was.scopes, isPlatform, scopes),
    ...applyColumns(draft, was),
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
  if (redirectUris.length > MAX_REDIRECT_URIS) refuse('redirect-uri.too-many', { most: MAX_REDIRECT_URIS })
  return { redirectUri, redirectUris }
}

/** An empty list means the default scopes. */
function applyScopes(draft: ReadDraft, was: readonly string[], isPlatform: boolean, catalogue: Scopes): string[] {
  const given = draft.scopes || draft.demandScopes ? [...(draft.scopes ?? []), ...(draft.demandScopes ?? [])] : was
  const names = new Set(given.length > 0 ? given : catalogue.defaults)
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
  const given = Object.entries(draft).filter(([name]) => Object.hasOwn(protocolSettings, name))
  const merged = { ...was, ...Object.fromEntries(given) }
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null))
}

/** Refuses settings that contradict each other, whenever they were set. */
function checkAgreement(app: AppSettings & { public: boolean }): void {
  const { protocol, jwksUri } = app
  const { authMethod, authSigningAlg } = protocol
  if (protocol.jwks && jwksUri !== null) refuse('jwks.twice')
  if (authMethod === 'private_key_jwt' && !protocol.jwks && jwksUri === null) refuse('auth-method.needs-keys')
  if (authMethod !== undefined && (authMethod === 'none') !== app.public) refuse('auth-method.of-public-app')
  const isWithSecret = SECRET_ALGORITHMS.some((each) => each === authSigningAlg)
  if (authSigningAlg !== undefined && isWithSecret !== (authMethod === 'client_secret_jwt'))
    refuse('auth-signing-alg.other-method')
  if (protocol.groupsTemplate && app.businessUid === null && !namesBusiness(protocol.groupsTemplate))
    refuse('groups.without-business')
  if (!hasSector(app)) refuse('sector.missing')
}
