import type { Db, Row, Step } from '../engine/db.ts'
import type { Query } from '../engine/query.ts'
import type { DeviceApproval, DeviceCode, DeviceCodes, IssuedDeviceCode } from '../nouns/device-codes.ts'
import { onOpenChain } from './alive.ts'
import { json, parse } from './columns.ts'
import { LIVE_CHAIN, type Linked, linked } from './live-chain.ts'
import { mintedSteps } from './refresh-tokens.ts'
import { table } from './table.ts'
import { endOne, finding, isWritten } from './verbs.ts'

const DEVICE_CODES = table<DeviceCode>(
  'device_codes',
  'digest, user_code_digest, app_uid, scopes json, resources json, cnf, created_at, expires_at, poll_interval, next_poll_at',
)
const FIND: Query<IssuedDeviceCode, Linked> = {
  ...linked(`select o.*, c.ended_at as chain_ended_at, ${LIVE_CHAIN}
    from device_codes o left join chains c on c.uid = o.chain_uid where o.digest = $1`),
  make: ([row], links) => read(row!, links),
}
const UNDECIDED = 'decided_at is null and expires_at > $2'
const DENY = `update device_codes set decided_at = $2 where digest = $1 and ${UNDECIDED}`
const APPROVE = `update device_codes set decided_at = $2, chain_uid = $3, auth_time = $4, context = $5
  where digest = $1 and app_uid = $6 and ${UNDECIDED}`
const POLL = `update device_codes set next_poll_at = $2 + poll_interval where digest = $1 and next_poll_at <= $2`
const SLOW_DOWN = `update device_codes set poll_interval = poll_interval + 5, next_poll_at = $2 + poll_interval + 5 where digest = $1`
const REDEEM = `update device_codes set redeemed_at = $2 where digest = $1 and redeemed_at is null and expires_at > $2
  and ${onOpenChain('device_codes')}`

/** Approves an undecided device code of this app. */
export function approveDeviceStep(
  { digest, authTime, context }: DeviceApproval,
  { uid, appUid, createdAt }: { uid: string; appUid: string; createdAt: number },
): Step {
  return { sql: APPROVE, params: [digest, createdAt, uid, authTime, json(context), appUid], must: true }
}

export function deviceCodes(db: Db): DeviceCodes {
  return {
    async add(code) {
      await db.write([DEVICE_CODES.add(code)])
    },
    find: (digest) => db.ask(FIND, [digest]),
    findByUserCode: finding(
      db,
      DEVICE_CODES.readDeclared,
      `select * from device_codes where user_code_digest = $1 and ${UNDECIDED}`,
    ),
    async poll(digest, at) {
      if (await endOne(db, POLL, [digest, at])) return true
      await db.write([{ sql: SLOW_DOWN, params: [digest, at] }])
      return false
    },
    deny: (digest, at, event) => endOne(db, DENY, [digest, at], event),
    redeem: (digest, at, minted, event) =>
      isWritten(db, [{ sql: REDEEM, params: [digest, at], must: true }, ...mintedSteps(minted)], event),
  }
}

function read(row: Row, links: Linked | undefined): IssuedDeviceCode {
  return {
    ...DEVICE_CODES.readDeclared(row),
    decidedAt: row.decided_at as number | null,
    chainUid: row.chain_uid as string | null,
    authTime: row.auth_time as number | null,
    context: row.context === null ? null : parse<IssuedDeviceCode['context']>(row.context),
    redeemedAt: row.redeemed_at as number | null,
    principal: row.chain_ended_at === null ? links?.live?.principal : undefined,
  }
}
