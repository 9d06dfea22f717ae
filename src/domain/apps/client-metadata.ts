import type { App, ClientAuthMethod } from '../../store/nouns/apps.ts'
import type { Scopes } from '../tokens/scopes.ts'
import { type ReadDraft, readDraft } from './app-draft.ts'
import { PERSONAL_GRANTS, RESPONSE_TYPES } from './app-protocol.ts'
import type { DraftRules } from './listing.ts'
import { returnsTo } from './redirect-uri.ts'
import { refuseSetting } from './refusals.ts'
import { settings } from './settings.ts'
import { readWire, writeWire } from './settings-on-wire.ts'

/** What is asked of an app that describes itself. */
export interface SelfRules {
  env: DraftRules['env']
  scopes: Scopes
  /** The ways to authenticate that it may choose; the first is meant where it names none. */
  methods: readonly ClientAuthMethod[]
  /** Its name where it has none; without this the host of its first redirect URI. */
  defaultName?: string
}

/** A draft that says what every app has. */
export type OwnDraft = ReadDraft & { public: boolean }

/**
 * What an app says of itself, registering (RFC 7591 §2, OpenID Connect Registration §2) or in its own document. Members that mean nothing
 * here are passed over, so nothing an app says can make it trusted, or another's. Throws a Refusal that names the setting.
 */
export function readClientMetadata(record: Record<string, unknown>, rules: SelfRules): OwnDraft {
  const { env, methods } = rules
  const given = readWire(record, 'metadata', 'app')
  if (isAbsent(given.redirectUris))
    refuseSetting('redirectUris', 'is missing: name every address that people may be sent back to')
  // An app without proof has no use for keys; where they would be is not even looked at.
  if (given.authMethod === 'none') delete given.jwksUri
  const draft = readDraft(given, { env, by: 'app' })
  const redirectUris = draft.redirectUris!
  const authMethod = draft.authMethod ?? methods[0]!
  if (!methods.includes(authMethod)) refuseSetting('authMethod', `must be ${methods.join(' or ')} here`)
  const isPublic = authMethod === 'none'
  return {
    ...draft,
    name: draft.name ?? rules.defaultName ?? returnsTo(redirectUris[0]!),
    trusted: false,
    public: isPublic,
    scopes: ownScopes(draft.scopes, rules.scopes),
    authMethod,
    grantTypes: draft.grantTypes ?? PERSONAL_GRANTS,
    ...(isPublic ? { jwks: null, jwksUri: null } : {}),
    listing: { ...draft.listing, [settings.applicationType.names.metadata!]: applicationType(draft, env) },
  }
}

/** An app by the names of RFC 7591 §3.2.1, as everything now is. */
export function clientMetadata(app: App): Record<string, unknown> {
  const { grantTypes } = app.protocol
  return {
    ...writeWire(app, 'metadata'),
    [settings.scopes.names.metadata!]: app.scopes.join(' '),
    [settings.responseTypes.names.metadata!]:
      grantTypes?.includes('authorization_code') === false ? [] : RESPONSE_TYPES,
  }
}

/** OpenID Connect Registration §2. Sent or not, it is shown as it is: an app of the web is at https addresses alone. */
function applicationType({ applicationType: sent, redirectUris }: ReadDraft, env: DraftRules['env']): string {
  const isWeb = redirectUris!.every((uri) => uri.startsWith('https://'))
  const isDeveloped = env === 'development' && redirectUris!.every((uri) => /^https?:/.test(uri))
  if (sent === 'web' && !isWeb && !isDeveloped)
    refuseSetting(
      'redirectUris',
      'of an app of the type web must begin with https://; register as native if it runs on the devices of people',
    )
  return sent ?? (isWeb ? 'web' : 'native')
}

/** What of it an app may have that nobody vouches for; all there is of that where it names nothing, to be asked for when it is needed. */
function ownScopes(asked: readonly string[] | null | undefined, catalogue: Scopes): string[] {
  const open = catalogue.names.filter((name) => catalogue.mayRegister(name, false))
  const granted = asked ? asked.filter((name) => open.includes(name)) : open
  return granted.length > 0 ? granted : refuseSetting('scopes', 'names no scope that an app can have here')
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === ''
}
