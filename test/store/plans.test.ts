import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import pg from 'pg'
import { APP_COLUMNS } from '../../src/domain/apps/column-settings.ts'
import type { Db, Param } from '../../src/store/engine/db.ts'
import { storeOn } from '../../src/store/engine/open.ts'
import type { Store } from '../../src/store/store.ts'
import { ENGINES, type Engine } from '../parts/test-site.ts'
import { freshUrl, open, openBelow } from './engines.ts'
import {
  issue,
  makePlace,
  NOW,
  newAccessToken,
  newApproval,
  newAppToken,
  newEvent,
  newRefreshToken,
  newRequest,
  newSecret,
  newSession,
  type Place,
} from './things.ts'

const DELIVERY = { kind: 'x', key: 'x', payload: '{}', createdAt: NOW, tries: 0, nextAt: NOW }

/** Tables that grow with use. A statement that reads one of them without an index is fast only while the server is new. */
const BIG = ['access_tokens', 'apps', 'app_secrets', 'attempts', 'businesses', 'chains', 'codes', 'consents', 'events']
BIG.push('installs', 'people', 'pending_requests', 'platform_tokens', 'refresh_tokens', 'sessions', 'staff')
BIG.push('pushed_requests', 'refusals')
BIG.push('session_apps', 'outbox', 'resources')
BIG.push('assertions')
BIG.push('client_documents', 'unconfirmed_apps', 'registrations')

/** Every query that runs once per request, or repeatedly in the background. */
const HOT: Record<string, (store: Store, place: Place, issued: Awaited<ReturnType<typeof issue>>) => Promise<unknown>> =
  {
    'accessTokens.findLive': (store, _, { token }) => store.accessTokens.findLive(token, NOW),
    'accessTokens.end': (store, _, { token }) => store.accessTokens.end(token, NOW, newEvent()),
    'accessTokens.recordUse': (store, _, { token }) => store.accessTokens.recordUse([{ digest: token, at: NOW }]),
    'codes.find': (store, _, { code }) => store.codes.find(code),
    'codes.redeem': (store, _, { code }) => store.codes.redeem(code, NOW, { access: newAccessToken('x') }, newEvent()),
    'codes.begin': (store, place) => store.codes.begin({ ...newApproval(place), request: { digest: 'x', at: NOW } }),
    'tokens.addForApp': (store, { app }) => store.accessTokens.addForApp(newAppToken(), app, newEvent()),
    'presentedTokens.findLive': (store, _, { token }) => store.presentedTokens.findLive(token, NOW),
    'resources.findLive': (store) => store.resources.findLive('x'),
    'resources.authenticate': (store) => store.resources.authenticate('x', 'y'),
    'resources.list of a directory': (store, { directory }) => store.resources.list(directory.uid, 10),
    'refreshTokens.find': (store) => store.refreshTokens.find('x'),
    'chains.findEnd': (store) => store.chains.findEnd('x'),
    'refreshTokens.rotate': (store) =>
      store.refreshTokens.rotate('x', NOW, newRefreshToken('y'), newAccessToken('y'), newEvent()),
    'refreshTokens.renew': (store) => store.refreshTokens.renew('x', NOW, NOW, newAccessToken('y'), newEvent()),
    'refreshTokens.repeat': (store) => store.refreshTokens.repeat('x', NOW, 1, newAccessToken('y'), newEvent()),
    'codes.begin by a session': (store, place) =>
      store.codes.begin({ ...newApproval(place), session: { uid: 'x', signsIn: true } }),
    'apps.authenticate': (store, { app, secret }) => store.apps.authenticate(app.clientId, secret.digest, NOW),
    'appSecrets.add': (store, { app }) => store.appSecrets.add(newSecret(app.uid), 10, newEvent()),
    'appSecrets.listLive': (store, { app }) => store.appSecrets.listLive(app.uid, NOW),
    'appSecrets.findLive': (store, { secret }) => store.appSecrets.findLive(secret.uid, NOW),
    'appSecrets.end': (store, { secret }) => store.appSecrets.end(secret.uid, 0, newEvent()),
    'appSecrets.reseal': (store) => store.appSecrets.reseal('x', 'y', 'z'),
    'appSecrets.recordUse': (store, { secret }) => store.appSecrets.recordUse([{ uid: secret.uid, at: NOW }]),
    'assertions.claim': (store) => store.assertions.claim('x', NOW),
    'apps.findLive': (store, { app }) => store.apps.findLive(app.uid),
    'apps.findLiveByClientId': (store, { app }) => store.apps.findLiveByClientId(app.clientId),
    'apps.findLiveByCodeName': (store, { app }) => store.apps.findLiveByCodeName(app.codeName),
    'apps.findNamedWithin': (store, { directory }) => store.apps.findNamedWithin('My app', directory.uid),
    'apps.fillNameKeys': (store) => store.apps.fillNameKeys(10),
    'apps.codeNamesLike': (store) => store.apps.codeNamesLike('app'),
    'apps.list of a directory': (store, { directory }) => store.apps.list(directory.uid, 10, 'x'),
    'apps.change': (store, { app }) =>
      store.apps.change({ ...app, redirectUris: [...app.redirectUris, 'https://x.example/'] }, newEvent(), app, true),
    'registrations.findLiveApp': (store) => store.registrations.findLiveApp('x'),
    'clientDocuments.findLive': (store, { app }) => store.clientDocuments.findLive(app.clientId),
    'clientDocuments.claim': (store, { app }) => store.clientDocuments.claim(app.uid, NOW, 60),
    'installs.findLive': (store, { app, business }) => store.installs.findLive(app.uid, business.uid),
    'installs.findConsent': (store, { app, business, person }) =>
      store.installs.findConsent(person.uid, app.uid, business.uid, ''),
    'installs.end': (store) => store.installs.end('x', NOW, 'x', newEvent()),
    'chains.endOfApp': (store) => store.chains.endOfApp('x', NOW, 'x', newEvent()),
    'chains.end': (store) => store.chains.end('x', NOW, 'x', newEvent()),
    'people.findLiveByEmail': (store, { person }) => store.people.findLiveByEmail(person.emailKey),
    'people.change': (store, { person }) => store.people.change(person, newEvent(), person),
    'staff.memberships': (store, { person }) => store.staff.memberships(person.uid),
    'businesses.list of a directory': (store, { directory }) => store.businesses.list(directory.uid),
    'sessions.findLive': (store) => store.sessions.findLive('x', NOW, 60),
    'sessions.begin': (store, { person }) =>
      store.sessions.begin(newSession(person.uid), newEvent(), { replaced: 'x', requestDigest: 'y', browser: 'z' }),
    'people.end': (store) => store.people.end('x', NOW, newEvent()),
    'sessions.end': async (store, { person }) => {
      const session = newSession(person.uid)
      await store.sessions.begin(session, newEvent())
      await store.sessions.end(session.digest, NOW, newEvent())
    },
    'sessions.endAll': (store) => store.sessions.endAll('x', NOW, newEvent()),
    'outbox.listDue': (store) => store.outbox.listDue('logout', NOW, 10),
    'outbox.claim': (store) => store.outbox.claim(DELIVERY, NOW),
    'outbox.end': (store) => store.outbox.end(DELIVERY, newEvent()),
    'people.setPassword': (store, { person }) => store.people.setPassword(person.uid, 'x', NOW, newEvent()),
    'sessions.seen': (store) => store.sessions.seen('x', NOW),
    'requests.find': (store) => store.requests.find('x'),
    'requests.confirm': (store) => store.requests.confirm('x', 'y', NOW),
    'requests.add': (store, { app }) => store.requests.add(newRequest(app.uid)),
    'platformTokens.findLive': (store) => store.platformTokens.findLive('x'),
    'pushedRequests.find': (store) => store.pushedRequests.find('x'),
    'refusals.find': (store) => store.refusals.find('x'),
    'attempts.count': (store) => store.attempts.count('x', NOW, 60),
    'attempts.findExpiry': (store) => store.attempts.findExpiry('x'),
    'events.list of a business': (store) => store.events.list({ businessUid: 'x' }, 10),
    'events.list between two times': (store) => store.events.list({ before: '6b', after: '6a' }, 10),
    'events.list of an app and type': (store) => store.events.list({ appUid: 'x', type: 'y' }, 10),
    // At a time when nothing is to be swept, which is the usual case.
    sweep: (store) => store.sweep(NOW, { tombstone: 86_400, event: 86_400 }, 100),
  }

/** Lists the big tables that a statement would scan from beginning to end. */
type Scans = (db: Db, sql: string, params: readonly Param[]) => Promise<string[]>

const scans: Record<Engine, Scans> = {
  async sqlite(db, sql, params) {
    const plan = (await db.all(`explain query plan ${sql}`, params)).map(({ detail }) => String(detail))
    return plan.filter((detail) => /^(SCAN (?!CONSTANT ROW)|MATERIALIZE )/.test(detail))
  },
  async postgres(db, sql, params) {
    const [row] = await db.all(`explain (format json, costs off) ${sql}`, params)
    const found: string[] = []
    const walk = (node: Record<string, unknown>) => {
      const isWhole =
        node['Node Type'] === 'Seq Scan' || (/Index/.test(String(node['Node Type'])) && !node['Index Cond'])
      if (isWhole && BIG.includes(String(node['Relation Name']))) {
        found.push(`${node['Node Type']} ${node['Relation Name']}`)
      }
      for (const child of (node.Plans ?? []) as Record<string, unknown>[]) walk(child)
    }
    const plans = (
      typeof row!['QUERY PLAN'] === 'string' ? JSON.parse(row!['QUERY PLAN']) : row!['QUERY PLAN']
    ) as never
    for (const { Plan } of plans as { Plan: Record<string, unknown> }[]) walk(Plan)
    return found
  },
}

/** Fills every table with enough rows that an engine with statistics prefers an index. */
async function fill(url: string): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  const { rows } = await client.query<{ table_name: string; columns: string[]; texts: boolean[] }>(
    `select table_name::text, array_agg(column_name::text order by ordinal_position) as columns,
        array_agg(data_type = 'text' order by ordinal_position) as texts
      from information_schema.columns where table_schema = current_schema() and table_name = any($1) group by 1`,
    [BIG],
  )
  await client.query('set session_replication_role = replica')
  for (const { table_name, columns, texts } of rows) {
    const values = columns.map((name, index) =>
      name === 'ended_at' ? `case when i % 50 = 0 then ${NOW} end` : texts[index] ? `'filled' || i` : `${NOW} + i`,
    )
    await client.query(
      `insert into ${table_name} (${columns.join(', ')}) select ${values.join(', ')} from generate_series(1, 3000) i`,
    )
  }
  await client.query('analyze')
  await client.end()
}

for (const engine of ENGINES) {
  describe(`the frequent queries on ${engine}`, () => {
    let place: Place
    let issued: Awaited<ReturnType<typeof issue>>
    let watched: Store
    const asked: { sql: string; params: readonly Param[] }[] = []
    let db: Db
    before(async () => {
      const url = await freshUrl(engine)
      const store = await open(url)
      if (engine === 'postgres') await fill(url)
      place = await makePlace(store)
      issued = await issue(store, place)
      db = await openBelow(url)
      // The engine itself, wrapped to record its statements.
      const watching: Db = {
        ...db,
        one(sql, params) {
          asked.push({ sql, params })
          return db.one(sql, params)
        },
        all(sql, params) {
          asked.push({ sql, params })
          return db.all(sql, params)
        },
        ask(query, params) {
          const { sql, link } = query
          if (engine === 'postgres') asked.push({ sql: link?.joined ?? sql, params })
          else asked.push({ sql, params }, ...(link ? [{ sql: link.to.sql, params: ['x', 'y'] }] : []))
          return db.ask(query, params)
        },
        write(steps) {
          asked.push(...steps)
          return db.write(steps)
        },
      }
      watched = storeOn(watching, APP_COLUMNS)
    })

    for (const [verb, call] of Object.entries(HOT)) {
      it(`${verb} reads with an index`, async () => {
        asked.length = 0
        await call(watched, place, issued)
        assert.ok(asked.length > 0)
        for (const { sql, params } of asked) assert.deepEqual(await scans[engine](db, sql, params), [], sql)
      })
    }

    it('the check detects a table scan', async () => {
      const found = await scans[engine](db, 'select * from chains where scopes = $1', ['x'])
      assert.equal(found.length, 1)
    })
  })
}
