import assert from 'node:assert/strict'
import { exchange, read, userinfo } from '../parts/app-calls.ts'
import { countRows } from '../parts/ask-database.ts'
import type { Ask } from '../parts/line.ts'
import type { Seeded, SeededCode } from '../parts/seeded.ts'

type Server = { fetch: Ask }

/** What became of the codes that were sent: the whole memory of the apps, as far as they were given answers. */
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
  /** Resolves when the codes have run out or the load was stopped, with nothing under way any more. */
  done: Promise<void>
  stop(): void
}

/** Exchanges codes one after the other by so many clients at once; a client whose answer does not come goes on with the next code. */
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

/** Every one of these tokens is good, and speaks for the business its code was given for. */
export async function checkRemembered(server: Server, tokens: readonly { token: string; businessUid: string }[]) {
  await inTurns(tokens, async ({ token, businessUid }) => {
    const answer = await userinfo(server, token)
    assert.equal(answer.status, 200, 'a token that was given is remembered')
    assert.equal((await read(answer)).business_uid, businessUid)
  })
}

export async function checkDead(server: Server, tokens: readonly { token: string }[]) {
  await inTurns(tokens, async ({ token }) => {
    assert.equal((await userinfo(server, token)).status, 401, 'a token that was ended stays ended')
  })
}

/** A code that was spent gives nothing again; that it was tried ends what it gave. */
export async function checkSpent(server: Server, { app }: Seeded, codes: readonly SeededCode[]) {
  await inTurns(codes, async ({ code }) => {
    const answer = await exchange(server, app, code)
    assert.deepEqual([answer.status, (await read(answer)).error], [400, 'invalid_grant'])
  })
}

/** Codes whose answer never came are either as good as new, or spent for nobody. */
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

/** No code gave two tokens; none was spent without a token or gave one without being spent; no answered retry left one alive. */
export async function checkBooks(url: string) {
  const twice = '(select chain_uid from access_tokens group by chain_uid having count(*) > 1) as twice'
  const spentForNothing = `codes o where o.redeemed_at is not null
    and not exists (select 1 from access_tokens t where t.chain_uid = o.chain_uid)`
  const unpaid = `access_tokens t where exists
    (select 1 from codes o where o.chain_uid = t.chain_uid and o.redeemed_at is null)`
  for (const from of [twice, spentForNothing, unpaid]) assert.equal(await countRows(url, from), 0, from)
}

/** So many at once, none left waiting for a slow one. */
export async function inTurns<T>(all: readonly T[], work: (each: T) => Promise<void>, width = 16): Promise<void> {
  let next = 0
  const go = async () => {
    while (next < all.length) await work(all[next++]!)
  }
  await Promise.all(Array.from({ length: width }, go))
}
