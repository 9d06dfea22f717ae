import type { Db } from '../engine/db.ts'
import type { Delivery, Outbox } from '../nouns/outbox.ts'
import { camel } from './columns.ts'
import { endOne, listing } from './verbs.ts'

/** As it was read: every claim changes `tries`. */
const AS_READ = 'kind = $1 and key = $2 and tries = $3'
const asRead = ({ kind, key, tries }: Delivery) => [kind, key, tries]

const LIST_DUE = 'select * from outbox where kind = $1 and next_at <= $2 order by next_at limit $3'
const CLAIM = `update outbox set tries = tries + 1, next_at = $4 where ${AS_READ}`

export function outbox(db: Db): Outbox {
  return {
    listDue: listing(db, camel<Delivery>, LIST_DUE),
    claim: (delivery, nextAt) => endOne(db, CLAIM, [...asRead(delivery), nextAt]),
    end: (delivery, event) => endOne(db, `delete from outbox where ${AS_READ}`, asRead(delivery), event),
  }
}
