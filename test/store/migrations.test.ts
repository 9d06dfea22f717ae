import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { APP_COLUMNS } from '../../src/domain/apps/column-settings.ts'
import { EVENT_TYPES } from '../../src/domain/audit/event-types.ts'
import type { Db, Row } from '../../src/store/engine/db.ts'
import { migrate, newestSchema } from '../../src/store/engine/migrate.ts'
import { storeOn } from '../../src/store/engine/open.ts'
import { ENGINES, type Engine } from '../parts/test-site.ts'
import { freshUrl, open, openBelow } from './engines.ts'
import * as things from './things.ts'
import { NOW } from './things.ts'

const SCHEMA = new URL('../../schema/', import.meta.url)
const LATER = readdirSync(SCHEMA)
  .filter((name) => /^\d{3}-.+\.sql$/.test(name) && !name.startsWith('001-'))
  .sort()
const APPROVALS = 120

/** Creates a database with only the first schema, as the first version of Behalf did. */
async function openFirst(url: string): Promise<Db> {
  const db = await openBelow(url)
  const name = readdirSync(SCHEMA).find((each) => each.startsWith('001-'))!
  await db.migrate(async (run) => {
    await run(
      'create table schema_versions (version bigint primary key, name text not null, applied_at bigint not null)',
    )
    await run(readFileSync(new URL(name, SCHEMA), 'utf8'))
    await run(`insert into schema_versions (version, name, applied_at) values (1, '${name}', ${NOW})`)
  })
  return db
}

/** The rows of `db` are written here first, because the store writes columns that the first schema does not have. */
async function openNewest(engine: Engine): Promise<Db> {
  const db = await openBelow(await freshUrl(engine))
  await migrate(db, NOW)
  return db
}

/** Copies every row, with the columns that the first schema has. Its tables refer only to tables that it creates before them. */
async function copyRows(from: Db, to: Db): Promise<void> {
  const name = readdirSync(SCHEMA).find((each) => each.startsWith('001-'))!
  const tables = readFileSync(new URL(name, SCHEMA), 'utf8').matchAll(/^create table (\w+)/gm)
  for (const [, table] of tables) {
    const columns = (await to.all(columnsOf[to.engine], [table!])).map(({ name }) => String(name))
    const places = columns.map((_, index) => `$${index + 1}`).join(', ')
    const sql = `insert into ${table} (${columns.join(', ')}) values (${places})`
    const rows = await from.all(`select ${columns.join(', ')} from ${table}`, [])
    await to.write(rows.map((row) => ({ sql, params: columns.map((column) => row[column]!) })))
  }
}

const columnsOf: Record<Engine, string> = {
  sqlite: 'select name from pragma_table_info($1)',
  postgres:
    'select column_name as name from information_schema.columns where table_schema = current_schema() and table_name = $1',
}

/** Fills it: approvals with codes, access tokens, refresh tokens and consents. Every third install has ended. */
async function fill(first: Db): Promise<{ ended: string[]; live: things.Place[] }> {
  const db = await openNewest(first.engine)
  const store = storeOn(db, APP_COLUMNS)
  const [ended, live]: [string[], things.Place[]] = [[], []]
  for (let index = 0; index < APPROVALS; index++) {
    const place = await things.makePlace(store)
    const approval = things.newApproval(place)
    const { installUid } = (await store.codes.begin(approval))!
    const [access, refresh] = [
      things.newAccessToken(approval.chain.uid),
      things.newRefreshToken(approval.chain.uid, { context: { sid: `s${index}` } }),
    ]
    await store.codes.redeem(approval.outcome.code.digest, NOW, { access, refresh }, things.newEvent())
    await store.accessTokens.addForApp(things.newAppToken(), place.app, things.newEvent())
    await store.sessions.begin(things.newSession(place.person.uid), things.newEvent())
    await store.requests.add(things.newRequest(place.app.uid))
    if (index % 3 === 0) ended.push(installUid)
    else live.push(place)
  }
  const steps = ended.map((uid) => ({
    sql: "update installs set ended_at = $2, ended_reason = 'disconnected' where uid = $1",
    params: [uid, NOW],
  }))
  await db.write(steps)
  await copyRows(db, first)
  return { ended, live }
}

/** Every row of every table, for comparison. */
async function readAll(db: Db): Promise<Record<string, Row[]>> {
  const sql =
    db.engine === 'sqlite'
      ? "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'"
      : 'select tablename as name from pg_tables where schemaname = current_schema()'
  const names = (await db.all(sql, [])).map(({ name }) => String(name)).sort()
  const read = async (name: string) => [name, await db.all(`select * from ${name} order by 1, 2`, [])] as const
  return Object.fromEntries(await Promise.all(names.map(read)))
}

/** Migrates in a process of its own, which is killed by SIGKILL before the second schema is committed. */
async function migrateAndDie(url: string): Promise<void> {
  const child = spawn(process.execPath, [new URL('killed-migration.ts', import.meta.url).pathname, url])
  const errors: Buffer[] = []
  child.stderr.on('data', (piece) => errors.push(piece))
  const [, signal] = await once(child, 'exit')
  assert.equal(signal, 'SIGKILL', Buffer.concat(errors).toString())
}

const indexes: Record<Engine, string> = {
  sqlite: "select name from sqlite_master where type = 'index' and name = 'consents_install'",
  postgres: "select indexname as name from pg_indexes where indexname = 'consents_install'",
}

for (const engine of ENGINES) {
  describe(`migrations on ${engine}`, () => {
    it('the later ones keep all data of the first, except the consents of ended installs', async () => {
      const db = await openFirst(await freshUrl(engine))
      const { ended, live } = await fill(db)
      const before = await readAll(db)
      const applied = await migrate(db, NOW + 1)
      assert.deepEqual(applied, LATER)
      const after = await readAll(db)
      for (const table of Object.keys(before)) assert.ok(table in after, table)
      for (const [table, rows] of Object.entries(before)) {
        if (table === 'schema_versions') continue
        const kept = table === 'consents' ? rows.filter((row) => !ended.includes(String(row.install_uid))) : rows
        const columns = Object.keys(kept[0] ?? {})
        const found = after[table]!.map((row) => Object.fromEntries(columns.map((column) => [column, row[column]])))
        assert.deepEqual(
          found,
          kept.map((row) => ({ ...row })),
          table,
        )
      }
      assert.equal(after.consents!.length, live.length)
      assert.equal((await db.all(indexes[engine], [])).length, 1)
      const store = storeOn(db, APP_COLUMNS)
      for (const { person, app, business } of live.slice(0, 5))
        assert.ok(await store.installs.findConsent(person.uid, app.uid, business.uid, ''))
      assert.deepEqual(await migrate(db, NOW + 2), [], 'once')
    })

    it('the fifth finds a resource by every spelling of its identifier', async () => {
      const db = await openFirst(await freshUrl(engine))
      const keys = [
        'https://a.example',
        'https://b.example/',
        'https://c.example/v1/',
        'urn:example:d/',
        'https://e.example/',
      ]
      const sql = `insert into resources (uid, identifier, identifier_key, name, created_at, ended_at)
        values ($1, $2, $2, 'An API', ${NOW}, $3)`
      const add = (uid: string, key: string, endedAt: number | null = null) =>
        db.write([{ sql, params: [uid, key, endedAt] }])
      for (const key of keys) await add(`of ${key}`, key)
      await add('ended', 'https://a.example/', NOW)
      await add('twin', 'https://e.example')
      await migrate(db, NOW + 1)
      const { resources } = storeOn(db, APP_COLUMNS)
      const find = async (identifier: string) => (await resources.findLive(identifier))?.identifier
      for (const [host, path] of [
        ['a', ''],
        ['b', '/'],
      ] as const)
        for (const end of ['', '/'])
          assert.equal(await find(`https://${host}.example${end}`), `https://${host}.example${path}`)
      assert.equal(await find('https://c.example/v1'), undefined)
      assert.equal(await find('https://c.example/v1/'), 'https://c.example/v1/')
      assert.equal(await find('urn:example:d/'), 'urn:example:d/')
      assert.equal(await find('https://e.example/'), 'https://e.example', 'two live ones: the shorter key wins')
    })

    it('the eighth renames the types of stored events, so that a filter finds old and new ones', async () => {
      const db = await openFirst(await freshUrl(engine))
      const types = ['app.created', 'app.lapsed', 'logout.done', 'logout.told', 'logout.untold']
      const sql =
        "insert into events (uid, type, at, actor, result, details) values ($1, $2, $3, 'server', 'done', '{}')"
      await db.write(types.map((type, index) => ({ sql, params: [String(index), type, NOW] })))
      await migrate(db, NOW + 1)
      const { events } = storeOn(db, APP_COLUMNS)
      const renamed = (await events.list({}, 10)).map(({ type }) => type).reverse()
      const expected = ['app.created', 'app.expired', 'logout.done', 'logout-token.delivered', 'logout-token.failed']
      assert.deepEqual(renamed, expected)
      for (const type of renamed) assert.ok(type in EVENT_TYPES, type)
    })

    it('after the ninth, the keys of names that earlier versions stored are computed', async () => {
      const db = await openFirst(await freshUrl(engine))
      const { live } = await fill(db)
      await migrate(db, NOW + 1)
      const { apps } = storeOn(db, APP_COLUMNS)
      const { app, directory } = live[0]!
      const find = () => apps.findNamedWithin(`The ${app.name} client`, directory.uid)
      assert.equal(await find(), undefined)
      assert.equal(await apps.fillNameKeys(7), 7)
      assert.equal(await apps.fillNameKeys(1000), APPROVALS - 7)
      assert.equal(await apps.fillNameKeys(1000), 0)
      assert.equal((await find())?.uid, app.uid)
    })

    it('the eleventh removes the names of another company from themes, and gives each logo its path', async () => {
      const db = await openFirst(await freshUrl(engine))
      const logos = '"intandem_goto_url":null,"intandem_logo_bright":null,"intandem_logo_dark":null,'
      const parents = '"parent_goto_url":null,"parent_logo_bright":null,"parent_logo_dark":null'
      const theme = `{"colors":{"primary":"#112233"},"locale":"en","logo":null,"name":"A \\"logo\\":null,","powered_by":{${logos}${parents}}}`
      const sql = 'insert into directories (uid, name, host, theme, logo, created_at) values ($1, $1, $1, $2, $3, 1)'
      await db.write([
        { sql, params: ['plain', theme, null] },
        { sql, params: ['pictured', theme, 'data:,'] },
      ])
      await migrate(db, NOW + 1)
      const { directories } = storeOn(db, APP_COLUMNS)
      for (const [uid, logo] of [
        ['plain', null],
        ['pictured', '/assets/logo/directory/pictured'],
      ] as const) {
        const { theme } = (await directories.find(uid))!
        assert.deepEqual([theme.logo, theme.name], [logo, 'A "logo":null,'])
        assert.deepEqual(Object.keys(theme.powered_by), ['parent_goto_url', 'parent_logo_bright', 'parent_logo_dark'])
      }
    })

    it('one that is killed half-way changes nothing, and runs again', async () => {
      const url = await freshUrl(engine)
      const db = await openFirst(url)
      const { live } = await fill(db)
      const before = await readAll(db)
      for (let round = 0; round < 2; round++) {
        await migrateAndDie(url)
        assert.deepEqual(await readAll(db), before)
        assert.deepEqual(await db.all(indexes[engine], []), [])
      }
      const store = await open(url)
      assert.equal((await store.examine()).schema, await newestSchema())
      assert.equal((await readAll(db)).consents!.length, live.length)
    })

    it('several servers that start on an old database run it once', async () => {
      const url = await freshUrl(engine)
      const db = await openFirst(url)
      await fill(db)
      const stores = await Promise.all([open(url), open(url), open(url)])
      for (const store of stores) assert.equal((await store.examine()).schema, await newestSchema())
      assert.equal((await db.all('select version from schema_versions', [])).length, await newestSchema())
    })
  })
}
