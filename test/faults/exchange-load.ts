import assert from 'node:assert/strict'
import { exchange, read, userinfo } from '../parts/app-calls.ts'
import { countRows } from '../parts/ask-database.ts'
import type { Ask } from '../parts/line.ts'
import type { Seeded, SeededCode } from '../parts/seeded.ts'

type Server = { fetch: Ask }

/** What happened to the codes that were sent, as the apps know it from the answers. */
export interface Ledger {
  /** Codes whose 200 arrived, with their tokens. */
  acknowledged: (SeededCode & { token: string })[]
  /** Codes whose answer never arrived, or was not a 200. */
  open: SeededCode[]
  /** How often each status was answered. */
  statuses: Map<number, number>
}

export interface Load {
  ledger: Ledger
  /** Resolves when the codes are used up or the load was stopped, and no request is running any more. */
  done: Promise<void>
  stop(): void
}

/** Exchanges codes one after the other with this many clients at once. A client that gets no answer continues with the next code. */
export function beginLoad(server: Server, { app }: Seeded, codes: readonly SeededCode[], clients = 16): Load {
  const ledger: Ledger = { acknowledged: [], open: [], statuses: new Map() }
  let next = 0
  let isStopped = false
  const client = async () => {
    while (!isStopped && next < codes.length) {
      const code = codes[next++]!
      const answer = await exchange(server, app, code.code).catch(() => undefined)
      const status = answer?.status ?? 0
      ledger.statuses.set(status, (ledger.statuses.get(status) ?? 0) + 1)
      if (status === 200) ledger.acknowledged.push({ ...code, token: (await read(answer!)).access_token })
      else ledger.open.push(code)
    }
  }
  const done = Promise.all(Array.from({ length: clients }, client)).then(() => {})
  return {
    ledger,
    done,
    stop() {
      isStopped = true
    },
  }
}

/** Checks that every one of these tokens is valid for the business its code was given for. */
export async function checkRemembered(server: Server, tokens: readonly { token: string; businessUid: string }[]) {
  await inTurns(tokens, async ({ token, businessUid }) => {
    const answer = await userinfo(server, token)
    assert.equal(answer.status, 200, 'an issued token is stored')
    assert.equal((await read(answer)).business_uid, businessUid)
  })
}

export async function checkDead(server: Server, tokens: readonly { token: string }[]) {
  await inTurns(tokens, async ({ token }) => {
    assert.equal((await userinfo(server, token)).status, 401, 'an ended token stays ended')
  })
}

/** Checks that a spent code gives no second token, and that the attempt ends the first one. */
export async function checkSpent(server: Server, { app }: Seeded, codes: readonly SeededCode[]) {
  await inTurns(codes, async ({ code }) => {
    const answer = await exchange(server, app, code)
    assert.deepEqual([answer.status, (await read(answer)).error], [400, 'invalid_grant'])
  })
}

/** Checks that each code without an answer is either unused, or spent without a live token. */
export async function retryOpen(server: Server, { app }: Seeded, codes: readonly SeededCode[]) {
  const usable: (SeededCode & { token: string })[] = []
  await inTurns(codes, async (code) => {
    const answer = await exchange(server, app, code.code)
    const body = await read(answer)
    if (answer.status === 200) usable.push({ ...code, token: body.access_token })
    else assert.deepEqual([answer.status, body.error], [400, 'invalid_grant'])
  })
  return usable
}

/** Checks that no code gave two tokens, none was spent without a token or gave one without being spent, and no answered retry left a token alive. */
export async function checkBooks(url: string) {
  const twice = '(select chain_uid from access_tokens group by chain_uid having count(*) > 1) as twice'
  const spentForNothing = `codes o where o.redeemed_at is not null
    and not exists (select 1 from access_tokens t where t.chain_uid = o.chain_uid)`
  const unpaid = `access_tokens t where exists
    (select 1 from codes o where o.chain_uid = t.chain_uid and o.redeemed_at is null)`
  for (const from of [twice, spentForNothing, unpaid]) assert.equal(await countRows(url, from), 0, from)
}

/** Runs this many at once, without waiting for slow ones. */
export async function inTurns<T>(all: readonly T[], work: (each: T) => Promise<void>, width = 16): Promise<void> {
  let next = 0
  const go = async () => {
    while (next < all.length) await work(all[next++]!)
  }
  await Promise.all(Array.from({ length: width }, go))
}
