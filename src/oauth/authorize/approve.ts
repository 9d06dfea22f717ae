import { personActor } from '../../domain/audit/actor.ts'
import { connectApp } from '../../domain/installs/connect-app.ts'
import { consentHost, isRemembered } from '../../domain/installs/consent-host.ts'
import { acrOf } from '../../domain/people/session.ts'
import { requestedPermission } from '../../domain/requests/authorization-request.ts'
import { codeOfAnswer } from '../../domain/requests/code-of-answer.ts'
import { requestedScopes } from '../../domain/tokens/claims.ts'
import { tokenDigest } from '../../kit/digest.ts'
import { newOrderedUid, newToken, newUid } from '../../kit/id.ts'
import type { Site } from '../../site.ts'
import type { ApprovalContext, ApprovalOutcome } from '../../store/nouns/codes.ts'
import type { LiveSession } from '../../store/nouns/sessions.ts'
import type { Membership } from '../../store/nouns/staff.ts'
import type { Situation } from './decide.ts'

/**
 * Records the approval and makes the code, or approves the device code of this digest, in one write. Returns undefined, and writes nothing,
 * if the session, the membership or the app has ended, or anything that the decision depends on has changed. Of two answers to one waiting
 * request or device code, only the first is an approval.
 */
export async function approve(
  { request, app, install, consent, allowed }: Situation,
  { session, membership }: { session: LiveSession; membership: Membership },
  { ticket, device }: { ticket?: string | undefined; device?: string },
  reference: string,
  site: Site,
): Promise<string | undefined> {
  const now = site.clock.now()
  const code = ticket === undefined ? newToken(now) : codeOfAnswer(ticket, now, site.seal)
  const { scopes } = request
  const requested = requestedScopes(request)
  const links = { appUid: app.uid, businessUid: membership.businessUid }
  const allowedScopes = union(kept(consent, install), requestedPermission(request))
  const { authTime } = session
  const chain = { uid: newOrderedUid(now), ...links, staffUid: membership.staffUid, scopes, createdAt: now, authTime }
  const finished = { authTime, context: contextOf(request, session) }
  const issued = {
    ...finished,
    digest: tokenDigest(code),
    chainUid: chain.uid,
    redirectUri: request.redirectUri,
    redirectUriSent: request.redirectUriSent,
    codeChallenge: request.codeChallenge,
    nonce: request.nonce,
    createdAt: now,
    expiresAt: now + site.config.codeLifetime,
  }
  const outcome: ApprovalOutcome =
    device === undefined ? { kind: 'code', code: issued } : { kind: 'device', device: { ...finished, digest: device } }
  const approval = {
    session: { uid: session.uid, signsIn: scopes.includes('openid') },
    ...(ticket === undefined ? {} : { request: { digest: tokenDigest(ticket), at: now } }),
    pushed: request.pushed,
    basis: { install, app, isShown: allowed },
    install: {
      uid: newUid(),
      ...links,
      scopes: union(install?.scopes, requested),
      installedBy: membership.staffUid,
      createdAt: now,
      changedAt: now,
    },
    // Without the dialog, there is no new consent of the person to store. A device code has no redirect URI, so each is asked for.
    ...(allowed && device === undefined && isRemembered(app, request.redirectUri)
      ? {
          consent: {
            personUid: session.personUid,
            ...links,
            redirectHost: consentHost(app, request.redirectUri),
            scopes: allowedScopes,
          },
        }
      : {}),
    chain,
    outcome,
  } as const
  const how = allowed ? 'given' : app.trusted ? 'trusted' : 'remembered'
  const { directoryUid } = membership
  const by = personActor(session.personUid, reference)
  return (await connectApp(approval, { how, directoryUid, asked: requested }, by, site)) && code
}

/** The parts of the approval besides the scopes. */
function contextOf(request: Situation['request'], session: LiveSession): ApprovalContext {
  return {
    sid: session.uid,
    amr: session.methods,
    acr: acrOf(session.methods),
    ...(request.claims ? { claims: request.claims } : {}),
    ...(request.resources.length > 0 ? { resources: request.resources } : {}),
  }
}

/** Returns the scopes that the person allowed before, if they were for the current install. */
function kept(consent: Situation['consent'], install: Situation['install']): readonly string[] | undefined {
  return consent && install && consent.installUid === install.uid ? consent.scopes : undefined
}

function union(before: readonly string[] | undefined, now: readonly string[]): string[] {
  return [...new Set([...(before ?? []), ...now])]
}
