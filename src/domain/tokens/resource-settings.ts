import { isSameUri } from '../../kit/uri-key.ts'
import type { TokenFormat } from '../../store/nouns/apps.ts'
import type { ResourceServer, TokenTyp } from '../../store/nouns/resources.ts'
import { MAX_LIFETIME } from '../apps/setting.ts'
import { readSetting, seconds } from '../apps/setting-kinds.ts'
import { refuse as refuseValue } from '../apps/value-refusals.ts'
import { readName } from '../businesses/name.ts'
import { TOKEN_CLAIMS } from './claim-names.ts'
import { refuse } from './refusals.ts'
import type { Scopes } from './scopes.ts'

/** The new settings of a resource server. A setting that is left out does not change. */
export interface ResourceDraft {
  identifier?: string
  name?: string
  /** The owner; null for the platform itself. */
  directoryUid?: string | null
  /** Null for all. */
  scopes?: readonly string[] | null
  tokenFormat?: TokenFormat | null
  /** In seconds. */
  tokenLifetime?: number | null
  /** Null for the default. */
  tokenClaims?: readonly string[] | null
  /** Null for `at+jwt`. */
  tokenTyp?: TokenTyp | null
  /** Whether it has a secret for introspection. */
  introspection?: boolean
}

type Settings = Pick<ResourceServer, 'name' | 'scopes' | 'tokenFormat' | 'tokenLifetime' | 'tokenClaims' | 'tokenTyp'>

const LIFETIME = seconds(60, MAX_LIFETIME)
const MAX_SCOPES = 100

/** Returns the settings with the draft applied. */
export function readResourceSettings(
  draft: ResourceDraft,
  was: Settings & { identifier: string },
  { scopes, config }: { scopes: Scopes; config: { issuer: string } },
): Settings {
  if (draft.scopes) checkScopes(draft.scopes, scopes)
  if (typeof draft.tokenLifetime === 'number') readSetting('tokenLifetime', LIFETIME, draft.tokenLifetime)
  if (draft.tokenClaims) checkClaims(draft.tokenClaims)
  const settings = {
    name: readName(draft.name ?? was.name, 'name'),
    scopes: draft.scopes === undefined ? was.scopes : draft.scopes && [...new Set(draft.scopes)],
    tokenFormat: draft.tokenFormat === undefined ? was.tokenFormat : draft.tokenFormat,
    tokenLifetime: draft.tokenLifetime === undefined ? was.tokenLifetime : draft.tokenLifetime,
    tokenClaims:
      draft.tokenClaims === undefined ? was.tokenClaims : draft.tokenClaims && [...new Set(draft.tokenClaims)],
    tokenTyp: draft.tokenTyp === undefined ? was.tokenTyp : draft.tokenTyp,
  }
  if (isSameUri(was.identifier, config.issuer)) checkPlain(settings)
  return settings
}

/** Tokens without a resource are for the platform's own API, so its registration cannot change them. */
function checkPlain({ name: _, ...given }: Settings): void {
  const field = Object.entries(given).find(([, value]) => value !== null)?.[0]
  if (field) refuse('resource.of-the-platform', { field })
}

function checkScopes(names: readonly string[], catalogue: Scopes): void {
  if (names.length === 0) refuse('resource.no-scopes')
  if (names.length > MAX_SCOPES) refuse('resource.too-many-scopes', { most: MAX_SCOPES })
  const unknown = names.find((name) => !catalogue.has(name))
  if (unknown !== undefined) refuse('resource.unknown-scope', { scope: JSON.stringify(unknown.slice(0, 60)) })
}

function checkClaims(names: readonly string[]): void {
  if (!names.every((name) => TOKEN_CLAIMS.includes(name)))
    refuseValue('value.choices', { field: 'tokenClaims', choices: TOKEN_CLAIMS.join(', ') })
}
