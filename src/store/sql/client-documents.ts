import type { Db, Step } from '../engine/db.ts'
import type { ClientDocument, ClientDocuments } from '../nouns/client-documents.ts'
import { liveApp } from './alive.ts'
import { addSteps, changeSteps, readApp } from './apps.ts'
import { insert } from './columns.ts'
import { eventStep } from './events.ts'
import { unconfirmedSteps } from './unconfirmed-apps.ts'

export function clientDocuments(db: Db): ClientDocuments {
  return {
    async findLive(clientId) {
      const row = await db.one(
        `select a.*, d.read_at, d.fresh_until, d.asked_at from apps a join client_documents d on d.app_uid = a.uid
          where a.client_id = $1 and ${liveApp('a')}`,
        [clientId],
      )
      if (!row) return undefined
      const app = readApp(row)
      const document = {
        appUid: app.uid,
        readAt: row.read_at as number,
        freshUntil: row.fresh_until as number,
        askedAt: row.asked_at as number,
      }
      return { app, document }
    },
    async add(app, { appUid, readAt, freshUntil, askedAt }, unconfirmed, event) {
      const row = { app_uid: appUid, read_at: readAt, fresh_until: freshUntil, asked_at: askedAt }
      const steps = [
        ...addSteps(app, undefined),
        insert('client_documents', row),
        ...unconfirmedSteps(appUid, unconfirmed),
      ]
      await db.write([...steps, eventStep(event)])
    },
    async claim(appUid, now, pause) {
      const sql = 'update client_documents set asked_at = $2 where app_uid = $1 and asked_at <= $3'
      return (await db.write([{ sql, params: [appUid, now, now - pause], must: true }])) !== undefined
    },
    async refresh(app, was, document, event, asksAgain) {
      const steps = event ? [...changeSteps(app, was, asksAgain), eventStep(event)] : []
      return (await db.write([...steps, readStep(document)])) !== undefined
    },
  }
}

function readStep({ appUid, readAt, freshUntil }: ClientDocument): Step {
  return {
    sql: 'update client_documents set read_at = $2, fresh_until = $3 where app_uid = $1',
    params: [appUid, readAt, freshUntil],
    must: true,
  }
}
