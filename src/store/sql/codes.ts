import type { Db, Row, Step } from '../engine/db.ts'
import type { Query } from '../engine/query.ts'
import { type Code, type Codes, type IssuedCode, MAX_WRONG_VERIFIERS } from '../nouns/codes.ts'
import { onOpenChain } from './alive.ts'
import { chainStep } from './chains.ts'
import { parse } from './columns.ts'
import { approveDeviceStep } from './device-codes.ts'
import { eventStep } from './events.ts'
import { consentStep, installStep } from './installs.ts'
import { LIVE_CHAIN, type Linked, linked } from './live-chain.ts'
import { spendPushedStep } from './pushed-requests.ts'
import { mintedSteps } from './refresh-tokens.ts'
import { answerStep } from './requests.ts'
import { aliveSessionStep, signInStep } from './session-apps.ts'
import { table } from './table.ts'
import { endOne, isWritten } from './verbs.ts'

const CODES = table<Code>(
  'codes',
  `digest, chain_uid, redirect_uri, redirect_uri_sent bit, code_challenge, nonce, auth_time, context json, cnf, created_at,
    expires_at`,
)

/** Finds a code even after what it hangs on has ended. */
const FIND: Query<IssuedCode | undefined, Linked> = {
  ...linked(`select o.*, c.scopes, c.ended_at as chain_ended_at, ${LIVE_CHAIN}
    from codes o join chains c on c.uid = o.chain_uid
    where o.digest = $1`),
  make: ([row], links) => links && read(row!, links),
}

const REDEEM = `update codes set redeemed_at = $2 where digest = $1 and redeemed_at is null and expires_at > $2
  and wrong_verifiers < ${MAX_WRONG_VERIFIERS}
  and ${onOpenChain('codes')}`

const COUNT_WRONG = 'update codes set wrong_verifiers = wrong_verifiers + 1 where digest = $1 and redeemed_at is null'

export function codes(db: Db): Codes {
  return {
    async begin({ session, request, pushed, basis, install, consent, chain, outcome, event }) {
      // The session comes before the request, as in `sessions.begin`: otherwise two writes could wait for each other.
      const steps: Step[] = session ? [aliveSessionStep(session.uid, chain.createdAt)] : []
      if (request) steps.push(answerStep(request.digest, request.at, session?.uid ?? null))
      if (pushed) steps.push({ ...spendPushedStep(pushed, chain.createdAt, request !== undefined), must: true })
      const installed = steps.push(installStep(install, basis)) - 1
      steps.push(chainStep(chain, basis?.app, basis?.isShown === true && db.engine === 'postgres'))
      // After the chain, which locks the app: a change of the app locks it first too, and then deletes its consents.
      if (consent) steps.push(consentStep(consent, install.createdAt))
      steps.push(outcome.kind === 'code' ? CODES.add(outcome.code) : approveDeviceStep(outcome.device, chain))
      steps.push(eventStep(event))
      if (session?.signsIn) {
        const { appUid, staffUid, createdAt } = chain
        steps.push(signInStep({ sessionUid: session.uid, appUid, staffUid, at: createdAt }))
      }
      const rows = await db.write(steps)
      return rows && { installUid: String(rows[installed]![0]!.uid) }
    },
    find: (digest) => db.ask(FIND, [digest]),
    async countWrongVerifier(digest, event) {
      const last = MAX_WRONG_VERIFIERS - 1
      if (await endOne(db, `${COUNT_WRONG} and wrong_verifiers < ${last}`, [digest])) return
      await endOne(db, `${COUNT_WRONG} and wrong_verifiers = ${last}`, [digest], event)
    },
    redeem(digest, at, minted, event) {
      const spent = { sql: REDEEM, params: [digest, at], must: true }
      return isWritten(db, [spent, ...mintedSteps(minted)], event)
    },
  }
}

function read(row: Row, { appUid, live }: Linked): IssuedCode {
  return {
    ...CODES.readDeclared(row),
    redeemedAt: row.redeemed_at as number | null,
    wrongVerifiers: row.wrong_verifiers as number,
    appUid,
    scopes: parse<string[]>(row.scopes),
    principal: row.chain_ended_at === null ? live?.principal : undefined,
  }
}
