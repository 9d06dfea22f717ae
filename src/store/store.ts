import type { AccessTokens } from './nouns/access-tokens.ts'
import type { AppSecrets } from './nouns/app-secrets.ts'
import type { Apps } from './nouns/apps.ts'
import type { Assertions } from './nouns/assertions.ts'
import type { Attempts } from './nouns/attempts.ts'
import type { Businesses } from './nouns/businesses.ts'
import type { Chains } from './nouns/chains.ts'
import type { ClientDocuments } from './nouns/client-documents.ts'
import type { Codes } from './nouns/codes.ts'
import type { DeviceCodes } from './nouns/device-codes.ts'
import type { Directories } from './nouns/directories.ts'
import type { Events } from './nouns/events.ts'
import type { Installs } from './nouns/installs.ts'
import type { Outbox } from './nouns/outbox.ts'
import type { People } from './nouns/people.ts'
import type { PlatformTokens } from './nouns/platform-tokens.ts'
import type { PresentedTokens } from './nouns/presented-tokens.ts'
import type { PushedRequests } from './nouns/pushed-requests.ts'
import type { RefreshTokens } from './nouns/refresh-tokens.ts'
import type { Refusals } from './nouns/refusals.ts'
import type { Registrations } from './nouns/registrations.ts'
import type { PendingRequests } from './nouns/requests.ts'
import type { ResourceServers } from './nouns/resources.ts'
import type { Salts } from './nouns/salts.ts'
import type { Sessions } from './nouns/sessions.ts'
import type { SigningKeys } from './nouns/signing-keys.ts'
import type { StaffMemberships } from './nouns/staff.ts'
import type { UnconfirmedApps } from './nouns/unconfirmed-apps.ts'
import type { Upkeep } from './nouns/upkeep.ts'

/**
 * Everything that is stored, by noun. On both engines:
 * - a `find…` verb may return undefined, and "live or not" in its description means that it also finds what has ended;
 * - a write is on disk before it returns;
 * - a verb that ends or redeems something returns true to exactly one caller;
 * - a verb throws Conflict when a unique value is taken;
 * - a verb throws a refusal with status 503 when the database does not answer. Then nothing was changed, unless the connection to PostgreSQL broke
 *   during the commit: then either everything was written or nothing.
 */
export interface Store extends Upkeep {
  directories: Directories
  businesses: Businesses
  people: People
  staff: StaffMemberships
  apps: Apps
  appSecrets: AppSecrets
  assertions: Assertions
  registrations: Registrations
  clientDocuments: ClientDocuments
  unconfirmedApps: UnconfirmedApps
  installs: Installs
  chains: Chains
  codes: Codes
  deviceCodes: DeviceCodes
  accessTokens: AccessTokens
  refreshTokens: RefreshTokens
  presentedTokens: PresentedTokens
  resources: ResourceServers
  platformTokens: PlatformTokens
  sessions: Sessions
  requests: PendingRequests
  pushedRequests: PushedRequests
  outbox: Outbox
  attempts: Attempts
  signingKeys: SigningKeys
  events: Events
  salts: Salts
  refusals: Refusals
}
