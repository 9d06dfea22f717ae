import type { Share } from '../../kit/outbound.ts'
import type { App, ClientAuthMethod } from '../../store/nouns/apps.ts'
import type { Parts } from '../parts.ts'
import type { Scopes } from '../tokens/scopes.ts'
import { type ReadDraft, readDraft } from './app-draft.ts'
import { PERSONAL_GRANTS, RESPONSE_TYPES } from './app-protocol.ts'
import { type AppSettings, applyDraft, NO_SETTINGS } from './apply-draft.ts'
import type { DraftRules } from './listing.ts'
import { heldBack, lockedValues, settingsOfOthers } from './locks.ts'
import { returnsTo } from './redirect-uri.ts'
import { refuse } from './refusals.ts'
import { checkSector } from './sector.ts'
import { settings } from './settings.ts'
import { readWire, writeWire } from './wire.ts'

/** The rules for an app that describes itself. */
export interface SelfRules {
  config: DraftRules['config']
  scopes: Scopes
  /** The authentication methods that it may choose. The first is the default. */
  methods: readonly ClientAuthMethod[]
  /** The name of an app without one. Left out: the host of its first redirect URI. */
  defaultName?: string
  /** The app, if it is known already. What the platform locked keeps its value. */
  app?: App | undefined
}

/** A draft with everything that an app needs. */
export type OwnDraft = ReadDraft & {
  public: boolean
  /** The locked settings that the app sent with another value, by their names in its registration. */
  heldBack: readonly string[]
}

/**
 * Reads client metadata from a registration (RFC 7591 §2, OpenID Connect Registration §2) or a document. Ignores unknown members, so an app
 * can neither make itself trusted nor choose its owner. Throws a Refusal that names the setting.
 */
export function readClientMetadata(record: Record<string, unknown>, rules: SelfRules): OwnDraft {
  const { config, methods, app } = rules
  const given = readWire(record, 'metadata', 'app')
  if ((given.redirectUris ?? '') === '') refuse('redirect-uri.missing')
  // A public app does not authenticate, so how it would do so is ignored.
  if (given.authMethod === 'none') {
    delete given.jwksUri
    delete given.authSigningAlg
  }
  const sent = readDraft(given, { config, by: 'app' })
  const locked = app ? lockedValues(app) : {}
  const draft = { ...sent, ...locked }
  const redirectUris = draft.redirectUris!
  const authMethod = draft.authMethod ?? methods[0]!
  if (!methods.includes(authMethod)) refuse('auth-method.not-here', { methods: methods.join(' or ') })
  const isPublic = app && 'authMethod' in locked ? app.public : authMethod === 'none'
  const own = {
    ...draft,
    name: draft.name ?? rules.defaultName ?? returnsTo(redirectUris[0]!),
    trusted: false,
    public: isPublic,
    scopes: ownScopes(draft.scopes, rules.scopes),
    authMethod,
    grantTypes: draft.grantTypes ?? PERSONAL_GRANTS,
    ...(isPublic ? { jwks: null, jwksUri: null } : {}),
    listing: { ...draft.listing, [settings.applicationType.names.metadata!]: applicationType(draft) },
  }
  const changeable = Object.entries(own).filter(([name]) => !(name in locked))
  return { ...(Object.fromEntries(changeable) as typeof own), heldBack: app ? heldBack(sent, app) : [] }
}

/**
 * Returns all settings of an app that describes itself: its draft, applied to what only others can change of the app, if it is known already.
 * `share` is what may be fetched for it.
 */
export async function applyOwnDraft(
  draft: OwnDraft,
  app: App | undefined,
  share: Share,
  { scopes, outbound }: Parts,
): Promise<AppSettings & { public: boolean }> {
  const { public: isPublic } = draft
  const kept = app ? settingsOfOthers(app) : {}
  const settings = applyDraft(draft, { ...NO_SETTINGS, ...kept, public: isPublic }, { isPlatform: false, scopes })
  await checkSector(settings, app, outbound, share)
  return { ...settings, public: isPublic }
}

/** Returns the current client metadata of an app (RFC 7591 §3.2.1). */
export function clientMetadata(app: App): Record<string, unknown> {
  const { grantTypes } = app.protocol
  return {
    ...writeWire(app, 'metadata'),
    [settings.scopes.names.metadata!]: app.scopes.join(' '),
    [settings.responseTypes.names.metadata!]:
      grantTypes?.includes('authorization_code') === false ? [] : RESPONSE_TYPES,
  }
}

/** Returns the application type. It changes nothing, because only the implicit grant would limit web apps (OpenID Connect Registration §2). */
function applicationType({ applicationType: sent, redirectUris }: ReadDraft): string {
  return sent ?? (redirectUris!.every((uri) => uri.startsWith('https://')) ? 'web' : 'native')
}

/** Returns the scopes of a request without `scope`: the registered ones that exist here, or else the default ones. */
function ownScopes(registered: readonly string[] | null | undefined, { open, ownDefaults }: Scopes): string[] {
  const known = (registered ?? []).filter((name) => open.includes(name))
  return [...(known.length > 0 ? known : ownDefaults)]
}
