import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { APP_COLUMNS } from '../../src/domain/apps/column-settings.ts'
import { SIGNING_ALGORITHMS } from '../../src/domain/keys/signing-algorithms.ts'
import { tokenDigest } from '../../src/kit/digest.ts'
import { newToken } from '../../src/kit/id.ts'
import { openStore } from '../../src/store/engine/open.ts'
import { makePlace, newAccessToken, newApproval, newAppToken, newEvent, newRefreshToken } from '../store/things.ts'
import { behalf, type Ended, tempFolder } from './behalf.ts'

const cwd = tempFolder()

/** Runs a command with --json and returns its answer. */
async function ask(...args: string[]) {
  const ended = await behalf([...args, '--json'], { cwd })
  assert.equal(ended.code, 0, ended.stderr)
  assert.equal(ended.stderr, '')
  return ended.json()
}

const refusal = ({ code, stdout, stderr }: Ended) => {
  assert.equal(stdout, '')
  return { code, ...JSON.parse(stderr) }
}

describe('on one database', () => {
  let directory: string
  let business: string

  before(async () => {
    writeFileSync(join(cwd, 'logo.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
    const made = await ask(
      ...[
        'directory',
        'create',
        '--name',
        'Harbour',
        '--host',
        'App.Harbour.example',
        '--host',
        'login.harbour.example',
      ],
      ...['--primary', '#0B6', '--logo', 'logo.svg'],
    )
    directory = made.uid
    assert.match(directory, /^[a-z0-9]{16}$/)
    assert.deepEqual(made.hosts, ['app.harbour.example', 'login.harbour.example'])
    assert.equal(made.brand_theme.colors.primary, '#00bb66')
    business = (await ask('business', 'create', '--directory', directory, '--name', 'Dana’s Salon')).uid
  })

  test('lists show what was created', async () => {
    const [directories, businesses, text] = await Promise.all([
      ask('directory', 'list'),
      ask('business', 'list', '--directory', directory),
      behalf(['business', 'list'], { cwd }),
    ])
    assert.deepEqual([directories.directories[0].uid, directories.directories[0].ended_at], [directory, null])
    assert.deepEqual([businesses.businesses[0].uid, businesses.businesses[0].name], [business, 'Dana’s Salon'])
    assert.match(text.stdout, /^UID +NAME/)
  })

  test('the look of a directory is changed, and an option is reset', async () => {
    const made = await ask('directory', 'create', '--name', 'Pier', '--host', 'pier.example', '--logo', 'logo.svg')
    assert.match(made.brand_theme.logo, /^\/assets\/logo\/directory\//)
    const changed = await ask('directory', 'change', made.uid, '--name', 'Quay', '--locale', 'en-gb', '--clear', 'logo')
    assert.deepEqual([changed.name, changed.host], ['Quay', 'pier.example'])
    assert.deepEqual([changed.brand_theme.locale, changed.brand_theme.logo], ['en-GB', null])
    const wrong: [number, string, string[]][] = [
      [2, 'invalid', [made.uid, '--primary', 'red']],
      [2, 'usage', [made.uid]],
      [2, 'usage', [made.uid, '--clear', 'name']],
      [4, 'not_found', ['nowhere', '--name', 'X']],
    ]
    for (const [code, error, args] of wrong) {
      const failed = refusal(await behalf(['directory', 'change', ...args, '--json'], { cwd }))
      assert.deepEqual([failed.code, failed.error], [code, error], args.join(' '))
    }
  })

  test('a host belongs to one directory', async () => {
    const args = ['directory', 'create', '--name', 'Other', '--host', 'APP.harbour.example', '--json']
    const { code, error, field } = refusal(await behalf(args, { cwd }))
    assert.deepEqual([code, error, field], [4, 'conflict', 'host'])
  })

  test('an invalid value is a usage error that names the field', async () => {
    const args = ['directory', 'create', '--name', 'Other', '--host', 'https://a.example/x', '--json']
    const { code, error, field } = refusal(await behalf(args, { cwd }))
    assert.deepEqual([code, error, field], [2, 'invalid', 'host'])
  })

  test('a directory that does not exist is not found', async () => {
    const name = ['--directory', 'none', '--name', 'x', '--json']
    for (const line of [
      ['business', 'create', ...name],
      ['app', 'create', '--redirect-uri', 'https://a.example/', ...name],
      ['resource', 'create', '--identifier', 'https://a.example/', ...name],
      ['token', 'create', ...name],
    ]) {
      const { code, error, field } = refusal(await behalf(line, { cwd }))
      assert.deepEqual([code, error, field], [4, 'not_found', 'directory'], line.join(' '))
    }
  })

  test('staff: the password of a new person is one line of standard input; a known person keeps theirs', async () => {
    const person = ['--email', 'Dana@Example.com', '--role', 'owner', '--json']
    const create = ['staff', 'create', '--business', business, ...person]
    const none = refusal(await behalf([...create, '--name', 'Dana Levi'], { cwd }))
    assert.deepEqual([none.code, none.error], [2, 'usage'])
    const short = refusal(await behalf([...create, '--name', 'Dana Levi'], { cwd, input: 'short\n' }))
    assert.deepEqual([short.code, short.field], [2, 'password'])

    const made = await behalf([...create, '--name', 'Dana Levi'], { cwd, input: 'correct horse battery\nmore\n' })
    assert.equal(made.code, 0, made.stderr)
    assert.deepEqual([made.json().is_new_person, made.json().email], [true, 'Dana@Example.com'])

    const again = refusal(await behalf(create, { cwd }))
    assert.deepEqual([again.code, again.error, again.field], [4, 'conflict', 'email'])

    const other = (await ask('business', 'create', '--directory', directory, '--name', 'Noor Dental')).uid
    const added = await behalf(
      [
        'staff',
        'create',
        '--business',
        other,
        '--email',
        'dana@example.com',
        '--role',
        'admin',
        '--password',
        'a new password',
      ],
      { cwd },
    )
    assert.equal(added.code, 0, added.stderr)
    assert.match(added.stdout, /known already and keeps name and password; the one given here was not used/)

    const { staff } = await ask('staff', 'list', '--email', 'dana@example.com')
    assert.deepEqual(
      staff.map(({ business_name, role }: Record<string, string>) => [business_name, role]),
      [
        ['Dana’s Salon', 'owner'],
        ['Noor Dental', 'admin'],
      ],
    )
    await ask('staff', 'end', staff[1].uid)
    assert.equal((await ask('staff', 'list', '--email', 'dana@example.com')).staff.length, 1)
    const twice = refusal(await behalf(['staff', 'end', staff[1].uid, '--json'], { cwd }))
    assert.deepEqual([twice.code, twice.error], [4, 'not_found'])
  })

  test('person: a new password from standard input or an option; then the end, after which the email can be used again', async () => {
    const email = ['--email', 'noor@example.com']
    const create = ['staff', 'create', '--business', business, ...email, '--name', 'Noor', '--role', 'owner']
    const { person_uid } = await ask(...create, '--password', 'correct horse battery')
    const short = refusal(await behalf(['person', 'password', ...email, '--json'], { cwd, input: 'short\n' }))
    assert.deepEqual([short.code, short.field], [2, 'password'])
    const changed = await behalf(['person', 'password', ...email, '--json'], { cwd, input: 'correct horse staple\n' })
    assert.deepEqual(changed.json(), { uid: person_uid, email: 'noor@example.com' })
    assert.equal((await ask('person', 'password', ...email, '--password', 'another correct horse')).uid, person_uid)

    const neither = refusal(await behalf(['person', 'end', '--json'], { cwd }))
    assert.deepEqual([neither.code, neither.error], [2, 'usage'])
    assert.equal((await ask('person', 'end', 'Noor@Example.com')).uid, person_uid)
    for (const again of [['noor@example.com'], ['--uid', person_uid]]) {
      const { code, error } = refusal(await behalf(['person', 'end', ...again, '--json'], { cwd }))
      assert.deepEqual([code, error], [4, 'not_found'])
    }
    const unknown = refusal(await behalf(['person', 'password', ...email, '--json'], { cwd, input: 'correct horse\n' }))
    assert.deepEqual([unknown.code, unknown.error], [4, 'not_found'])
    const renewed = await ask(...create, '--password', 'correct horse battery')
    assert.notEqual(renewed.person_uid, person_uid)
    assert.equal((await ask('person', 'end', '--uid', renewed.person_uid)).email, 'noor@example.com')
  })

  test('apps: the secret is shown once, a public app has none, and the owner is required', async () => {
    const redirect = ['--redirect-uri', 'https://books.example/callback', '--redirect-uri', 'https://books.example/two']
    const mine = await ask(
      'app',
      'create',
      '--directory',
      directory,
      '--name',
      'Tidy Books',
      ...redirect,
      '--scope',
      'openid',
    )
    assert.match(mine.client_id, /^[0-9a-f]{64}$/)
    assert.match(mine.client_secret, /^[0-9a-f]{64}$/)
    assert.deepEqual([mine.app_code_name, mine.trusted, mine.scopes], ['tidybooks', false, ['openid']])
    assert.equal(mine.redirect_uris.length, 2)

    const [open, unowned, unsafe] = await Promise.all([
      ask('app', 'create', '--internal', '--name', 'Pocket', ...redirect, '--public', '--trusted'),
      behalf(['app', 'create', '--name', 'x', ...redirect, '--json'], { cwd }).then(refusal),
      behalf(['app', 'create', '--internal', '--name', 'x', '--redirect-uri', 'http://evil.example/', '--json'], {
        cwd,
      }).then(refusal),
    ])
    assert.deepEqual(
      [open.public, open.trusted, open.directory_uid, 'client_secret' in open],
      [true, true, null, false],
    )
    assert.deepEqual([unowned.code, unowned.error], [2, 'usage'])
    assert.deepEqual([unsafe.code, unsafe.field], [2, 'redirect_uri'])

    const list = await behalf(['app', 'list', '--json'], { cwd })
    assert.deepEqual(
      list
        .json()
        .apps.map((app: { name: string }) => app.name)
        .sort(),
      ['Pocket', 'Tidy Books'],
    )
    assert.doesNotMatch(list.stdout, new RegExp(mine.client_secret))
    await ask('app', 'end', 'tidybooks')
    assert.equal((await ask('app', 'list', '--directory', directory)).apps.length, 0)
    const install = refusal(
      await behalf(['install', 'end', '--app', 'pocket', '--business', business, '--json'], { cwd }),
    )
    assert.deepEqual([install.code, install.error], [4, 'not_found'])
    const unknown = await behalf(['install', 'end', '--app', 'nope', '--business', business], { cwd })
    assert.deepEqual([unknown.code, unknown.stderr], [4, 'There is no such app.\n'])
    assert.deepEqual(await ask('install', 'list', '--app', 'pocket', '--business', business), { installs: [] })
  })

  test('tokens for the management API are shown once, and revoked by token or by uid', async () => {
    const [mine, internal, both] = await Promise.all([
      ask('token', 'create', '--directory', directory, '--name', 'Harbour'),
      ask('token', 'create', '--internal', '--name', 'deployment'),
      behalf(['token', 'create', '--internal', '--directory', directory, '--name', 'x', '--json'], { cwd }).then(
        refusal,
      ),
    ])
    assert.match(mine.token, /^[0-9a-f]{64}$/)
    assert.deepEqual([mine.kind, mine.directory_uid], ['directory', directory])
    assert.deepEqual([internal.kind, internal.directory_uid], ['internal', null])
    assert.deepEqual([both.code, both.error], [2, 'usage'])
    assert.equal((await ask('token', 'revoke', mine.token)).uid, mine.uid)
    assert.equal((await ask('token', 'revoke', '--uid', internal.uid)).uid, internal.uid)
    const list = await behalf(['token', 'list', '--json'], { cwd })
    assert.deepEqual(
      list
        .json()
        .tokens.map(({ uid, kind, ended_at }: Record<string, unknown>) => [uid, kind, typeof ended_at])
        .sort(),
      [
        [mine.uid, 'directory', 'number'],
        [internal.uid, 'internal', 'number'],
      ].sort(),
    )
    assert.doesNotMatch(list.stdout, /[0-9a-f]{64}/)
    const again = refusal(await behalf(['token', 'revoke', mine.token, '--json'], { cwd }))
    assert.deepEqual([again.code, again.error], [4, 'not_found'])
  })

  test('revoking an access token leaves the other tokens of its approval alive', async () => {
    const store = await openStore(
      { url: `sqlite:${join(cwd, 'data/behalf.db')}`, pool: 1, timeout: 5 },
      0,
      false,
      APP_COLUMNS,
    )
    const now = Math.floor(Date.now() / 1000)
    const place = await makePlace(store)
    const tokens: string[] = []
    for (let n = 0; n < 2; n++) {
      const approval = newApproval(place, now)
      const token = newToken(now)
      await store.codes.begin(approval)
      const row = { ...newAccessToken(approval.chain.uid, now), digest: tokenDigest(token) }
      assert.equal(await store.codes.redeem(approval.outcome.code.digest, now, { access: row }, newEvent()), true)
      tokens.push(token)
    }
    const { installs } = await ask('install', 'list', '--app', place.app.codeName)
    assert.deepEqual(
      installs.map(({ app_uid, business_uid }: Record<string, unknown>) => [app_uid, business_uid]),
      [[place.app.uid, place.business.uid]],
    )
    const ended = await ask('token', 'revoke', tokens[0]!)
    assert.deepEqual([ended.app_uid, ended.business_uid], [place.app.uid, place.business.uid])
    const again = refusal(await behalf(['token', 'revoke', tokens[0]!, '--json'], { cwd }))
    assert.deepEqual([again.code, again.error], [4, 'not_found'])
    const live = await Promise.all(tokens.map((token) => store.accessTokens.findLive(tokenDigest(token), now)))
    assert.deepEqual(
      live.map((token) => token?.chain.appUid),
      [undefined, place.app.uid],
    )
    const [event] = await store.events.list({ type: 'token.ended' }, 5)
    assert.deepEqual([event?.appUid, event?.actor], [place.app.uid, 'operator'])
    await store.close()
  })

  test('--app revokes all tokens that an app got for itself', async () => {
    const store = await openStore(
      { url: `sqlite:${join(cwd, 'data/behalf.db')}`, pool: 1, timeout: 5 },
      0,
      false,
      APP_COLUMNS,
    )
    const now = Math.floor(Date.now() / 1000)
    const place = await makePlace(store)
    const tokens = [newAppToken(now), newAppToken(now)]
    for (const token of tokens) await store.accessTokens.addForApp(token, place.app, newEvent())
    const ended = await ask('token', 'revoke', '--app', place.app.codeName)
    assert.equal(ended.app_uid, place.app.uid)
    for (const { digest } of tokens) assert.equal(await store.accessTokens.findLive(digest, now), undefined)
    const again = refusal(await behalf(['token', 'revoke', '--app', place.app.codeName, '--json'], { cwd }))
    assert.deepEqual([again.code, again.error], [4, 'not_found'])
    await store.close()
  })

  test('revoking a refresh token revokes all tokens of its approval', async () => {
    const store = await openStore(
      { url: `sqlite:${join(cwd, 'data/behalf.db')}`, pool: 1, timeout: 5 },
      0,
      false,
      APP_COLUMNS,
    )
    const now = Math.floor(Date.now() / 1000)
    const place = await makePlace(store)
    const approval = newApproval(place, now)
    const [token, access] = [newToken(now), newAccessToken(approval.chain.uid, now)]
    const row = newRefreshToken(approval.chain.uid, { createdAt: now, digest: tokenDigest(token) })
    await store.codes.begin(approval)
    await store.codes.redeem(approval.outcome.code.digest, now, { access, refresh: row }, newEvent())
    const ended = await ask('token', 'revoke', token)
    assert.deepEqual([ended.app_uid, ended.business_uid], [place.app.uid, place.business.uid])
    assert.equal(await store.accessTokens.findLive(access.digest, now), undefined)
    const again = refusal(await behalf(['token', 'revoke', token, '--json'], { cwd }))
    assert.deepEqual([again.code, again.error], [4, 'not_found'])
    await store.close()
  })

  test('keys rotate, sweep and migrate print what they did', async () => {
    const [rotated, ...others] = (await ask('keys', 'rotate', '--algorithm', 'ES256')).keys
    assert.match(rotated.kid, /^[\w-]{43}$/)
    assert.deepEqual([rotated.algorithm, others], ['ES256', []])
    assert.ok(rotated.signs_from > Date.now() / 1000 + 3500)
    const statesOf = async (algorithm: string) =>
      (await ask('keys', 'list')).keys
        .filter((key: Record<string, string>) => key.algorithm === algorithm)
        .map(({ state }: Record<string, string>) => state)
    assert.deepEqual(await statesOf('ES256'), ['signs', 'next'])
    assert.deepEqual(await statesOf('RS256'), ['signs'])
    assert.equal((await ask('keys', 'rotate')).keys.length, SIGNING_ALGORITHMS.length)
    const wrong = refusal(await behalf(['keys', 'rotate', '--algorithm', 'HS256', '--json'], { cwd }))
    assert.deepEqual([wrong.code, wrong.error], [2, 'invalid'])
    const { keys } = await ask('keys', 'list')
    await ask('keys', 'retire', keys[0].kid)
    const twice = refusal(await behalf(['keys', 'retire', keys[0].kid, '--json'], { cwd }))
    assert.deepEqual([twice.code, twice.error], [4, 'not_found'])
    assert.deepEqual(await ask('sweep'), { rows: 0 })
    const { schema, applied } = await ask('migrate')
    assert.ok(schema >= 1)
    assert.deepEqual(applied, [])
  })

  test('a business and a directory can be ended once', async () => {
    const gone = (await ask('business', 'create', '--directory', directory, '--name', 'Short-lived')).uid
    await ask('business', 'end', gone)
    const twice = refusal(await behalf(['business', 'end', gone, '--json'], { cwd }))
    assert.deepEqual([twice.code, twice.error], [4, 'not_found'])
    const other = (await ask('directory', 'create', '--name', 'Other', '--host', 'other.example')).uid
    await ask('directory', 'end', other)
    const { directories } = await ask('directory', 'list')
    assert.ok(directories.find(({ uid }: { uid: string }) => uid === other).ended_at > 0)
  })

  test('every act is in the audit, with the operator as actor and without a secret', async () => {
    const { events } = await ask('events', '--limit', '1000')
    const types = new Set(events.map(({ type }: { type: string }) => type))
    for (const type of [
      ...['directory.created', 'directory.ended', 'business.created', 'business.ended', 'staff.created', 'staff.ended'],
      ...['person.password-changed', 'person.ended'],
      ...['app.created', 'app.ended', 'platform-token.created', 'platform-token.ended', 'key.created', 'key.retired'],
    ]) {
      assert.ok(types.has(type), type)
    }
    const byServer = events.filter(({ actor }: { actor: string }) => actor !== 'operator')
    assert.deepEqual(
      byServer.map(({ type, actor }: Record<string, string>) => [type, actor]),
      SIGNING_ALGORITHMS.map(() => ['key.created', 'server']),
      'the server created the first keys itself',
    )
    const { keys } = await ask('keys', 'list')
    const made = events.filter(({ type }: { type: string }) => type === 'key.created')
    assert.deepEqual(
      new Set(made.map(({ subject }: { subject: string }) => subject)),
      new Set(keys.map(({ kid }: { kid: string }) => kid)),
    )
    assert.doesNotMatch(JSON.stringify(events), /[0-9a-f]{64}|correct horse/)
    const retired = (await ask('events', '--type', 'key.retired')).events
    assert.deepEqual([...new Set(retired.map(({ type }: { type: string }) => type))], ['key.retired'])
    const wrong = refusal(await behalf(['events', '--type', 'key.retird', '--json'], { cwd }))
    assert.equal(wrong.code, 2)
    assert.match(wrong.error_description, /did you mean key\.retired/)
  })
})
