import type { Db, Row, Step } from '../db.ts'
import type { IssuedCode } from '../rows.ts'
import type { Store } from '../store.ts'
import { chainStep, HOLDER_COLUMNS, isAlive, LINK_COLUMNS, OUTER_JOINS } from './chains.ts'
import { bit, insert, json, parse } from './columns.ts'
import { eventStep } from './events.ts'
import { consentStep, installStep } from './installs.ts'
import { spendPushedStep } from './pushed-requests.ts'
import { refreshTokenStep } from './refresh-tokens.ts'
import { answerStep } from './requests.ts'
import { aliveSessionStep, signInStep } from './session-apps.ts'
import { readHolder, tokenStep } from './tokens.ts'

const FIND = `select o.*, c.scopes, ${LINK_COLUMNS}, ${HOLDER_COLUMNS}
  from codes o
  join chains c on c.uid = o.chain_uid
  join installs i on i.uid = c.install_uid
  ${OUTER_JOINS}
  where o.digest = $1`

export function codes(db: Db): Store['codes'] {
  return {
    async begin({ session, request, pushed, basis, install, consent, chain, code, event }) {
      // First the session and then the request, as whoever begins a session does it: otherwise two writes could wait for each other.
      const steps: Step[] = session ? [aliveSessionStep(session.uid, chain.createdAt)] : []
      if (request) steps.push(answerStep(request.digest, request.at))
      if (pushed) steps.push({ ...spendPushedStep(pushed, chain.createdAt), must: true })
      const installed = steps.push(installStep(install, basis)) - 1
      if (consent) steps.push(consentStep(consent, install.createdAt))
      steps.push(
        chainStep(chain, basis?.app),
        insert('codes', {
          digest: code.digest,
          chain_uid: code.chainUid,
          redirect_uri: code.redirectUri,
          redirect_uri_sent: bit(code.redirectUriSent),
          code_challenge: code.codeChallenge,
          nonce: code.nonce,
          auth_time: code.authTime,
          facts: json(code.facts),
          created_at: code.createdAt,
          expires_at: code.expiresAt,
        }),
        eventStep(event),
      )
      if (session?.signsIn) {
        const { appUid, staffUid, createdAt } = chain
        steps.push(signInStep({ sessionUid: session.uid, appUid, staffUid, at: createdAt }))
      }
      const rows = await db.write(steps)
      return rows && { installUid: String(rows[installed]![0]!.uid) }
    },
    async find(digest) {
      const row = await db.one(FIND, [digest])
      return row && read(row)
    },
    async redeem(digest, at, { access, refresh }, event) {
      const rows = await db.write([
        {
          sql: `update codes set redeemed_at = $2 where digest = $1 and redeemed_at is null and expires_at > $2
            and exists (select 1 from chains c where c.uid = codes.chain_uid and c.ended_at is null)`,
          params: [digest, at],
          must: true,
        },
        tokenStep(access),
        ...(refresh ? [refreshTokenStep(refresh)] : []),
        eventStep(event),
      ])
      return rows !== undefined
    },
  }
}

function read(row: Row): IssuedCode {
  return {
    digest: row.digest as string,
    chainUid: row.chain_uid as string,
    redirectUri: row.redirect_uri as string,
    redirectUriSent: row.redirect_uri_sent === 1,
    codeChallenge: row.code_challenge as string | null,
    nonce: row.nonce as string | null,
    authTime: row.auth_time as number,
    facts: parse<IssuedCode['facts']>(row.facts),
    createdAt: row.created_at as number,
    expiresAt: row.expires_at as number,
    redeemedAt: row.redeemed_at as number | null,
    appUid: row.chain_app_uid as string,
    scopes: parse<string[]>(row.scopes),
    holder: isAlive(row) ? readHolder(row) : undefined,
  }
}
