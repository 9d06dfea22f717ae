import type { App } from '../../store/nouns/apps.ts'
import type { PlatformToken } from '../../store/nouns/platform-tokens.ts'

/** How the audit names an actor: its kind, and its uid where there are several of that kind. */
export type ActorName =
  | `${'person' | 'app' | 'directory' | 'internal' | 'registration'}:${string}`
  | 'operator'
  | 'server'
  | 'anonymous'

/** Who performs an act. Every verb of the domain takes one as `by` and writes it into its event. */
export interface Actor {
  readonly name: ActorName
  /** The directory that this actor may reach; null reaches the whole platform, undefined no directory. */
  readonly directoryUid?: string | null
  /** The uid of the platform token that was used, because a directory may have several. */
  readonly credentialUid?: string
  /** The reference of the request. */
  readonly reference?: string
}

/** The operator at the command line. */
export const operatorActor: Actor = { name: 'operator', directoryUid: null }

/** The server itself, for what it does without a request. */
export const serverActor: Actor = { name: 'server', directoryUid: null }

/** A visitor who is not authenticated. */
export function anonymousActor(reference: string): Actor {
  return { name: 'anonymous', reference }
}

export function personActor(personUid: string, reference?: string): Actor {
  return { name: `person:${personUid}`, reference }
}

export function appActor(app: Pick<App, 'uid'>, reference?: string): Actor {
  return { name: `app:${app.uid}`, reference }
}

/** The holder of a platform token: a directory, the platform itself, or a registrar of apps (RFC 7591 §3). */
export function tokenActor({ kind, uid, directoryUid }: PlatformToken, reference: string): Actor {
  const name: ActorName = kind === 'directory' ? `directory:${directoryUid}` : `${kind}:${uid}`
  // A registration token without a directory registers apps of no directory, and reaches none.
  const reach = kind === 'registration' && directoryUid === null ? undefined : directoryUid
  return { name, directoryUid: reach, credentialUid: uid, reference }
}

/**
 * Whether an actor may act on what belongs to a directory, or to the platform if `directoryUid` is null. An app may act on what belongs to itself
 * (`appUid`).
 */
export function mayReach(by: Actor, owned: { directoryUid: string | null; appUid?: string }): boolean {
  const isOwn = owned.appUid !== undefined && by.name === `app:${owned.appUid}`
  return by.directoryUid === null || by.directoryUid === owned.directoryUid || isOwn
}
