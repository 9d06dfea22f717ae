import { defineRefusals } from '../../kit/refusal.ts'
import type { App } from '../../store/nouns/apps.ts'
import type { PlatformToken } from '../../store/nouns/platform-tokens.ts'

export const reachRefusals = defineRefusals({
  'actor.out-of-reach': {
    status: 403,
    says: 'You may not do this: it concerns another directory, or the platform.',
    fix: 'Use a token of that directory or of the platform, or run the command as the operator.',
  },
})

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

/** What an act changes: it belongs to a directory, or to the platform if `directoryUid` is null, and may concern one app or one person. */
interface Owned {
  directoryUid: string | null
  appUid?: string
  personUid?: string
}

/** Whether an actor may act on what belongs to this owner. Apps and persons may act on what is their own. */
export function mayReach(by: Actor, { directoryUid, appUid, personUid }: Owned): boolean {
  const isOwn = by.name === `app:${appUid}` || by.name === `person:${personUid}`
  return by.directoryUid === null || by.directoryUid === directoryUid || isOwn
}

/** Refuses an act that `mayReach` forbids. Called before any look-up, so that the refusal does not reveal what exists. */
export function checkReach(by: Actor, owned: Owned): void {
  if (!mayReach(by, owned)) reachRefusals.refuse('actor.out-of-reach')
}
