import type { Db } from '../engine/db.ts'
import type { ClientDocument, ClientDocuments } from '../nouns/client-documents.ts'
import { liveApp } from './alive.ts'
import type { AppRows } from './app-rows.ts'
import { eventStep } from './events.ts'
import { table } from './table.ts'
import { unconfirmedSteps } from './unconfirmed-apps.ts'
import { endOne, finding, isWritten } from './verbs.ts'

const CLIENT_DOCUMENTS = table<ClientDocument>('client_documents', 'app_uid, read_at, fresh_until, asked_at')
const FIND_LIVE = `select a.*, d.app_uid, d.read_at, d.fresh_until, d.asked_at from apps a join client_documents d on d.app_uid = a.uid
  where a.client_id = $1 and ${liveApp('a')}`
const FIND_ENDED = 'select uid from apps where client_id = $1 and ended_at is not null'
const CLAIM = 'update client_documents set asked_at = $2 where app_uid = $1 and asked_at <= $3'
const REFRESH = 'update client_documents set read_at = $2, fresh_until = $3 where app_uid = $1'

export function clientDocuments(db: Db, { read, addSteps, changeSteps }: AppRows): ClientDocuments {
  return {
    findLive: finding(db, (row) => ({ app: read(row), document: CLIENT_DOCUMENTS.readDeclared(row) }), FIND_LIVE),
    isEnded: async (clientId) => (await db.one(FIND_ENDED, [clientId])) !== undefined,
    async add(app, document, unconfirmed, event) {
      const listed = unconfirmedSteps(document.appUid, unconfirmed)
      await db.write([...addSteps(app), CLIENT_DOCUMENTS.add(document), ...listed, eventStep(event)])
    },
    claim: (appUid, now, pause) => endOne(db, CLAIM, [appUid, now, now - pause]),
    refresh(app, was, { appUid, readAt, freshUntil }, event, asksAgain) {
      const changes = event ? [...changeSteps(app, was, asksAgain), eventStep(event)] : []
      return isWritten(db, [...changes, { sql: REFRESH, params: [appUid, readAt, freshUntil], must: true }])
    },
  }
}
