import assert from 'node:assert/strict'
import { test } from 'node:test'
import { authorizationPath, exchange, read, userinfo } from '../parts/app-calls.ts'
import { answerDialog, changeApp, hasCode, isConsent, openDialog, ticketOf } from '../parts/permission-dialog.ts'
import { connect, onBothEngines, tellStory } from '../parts/stories.ts'
import { PASSWORD } from '../parts/world.ts'

onBothEngines((engine) => {
  test('a pending request continues only in the browser that started it (RFC 9700 §4.7)', async () => {
    const story = await tellStory({ engine })
    const { test: server, world } = story
    const app = await world.makeApp()
    const owner = await openDialog(story, app)
    const shown = owner.place
    const ticket = ticketOf(shown)
    const { visitor: omar } = await connect(story, app, 'omar@example.com', { business_uid: story.bakery.uid })
    for (const stranger of [world.visitor(), omar]) {
      for (const path of ['/oauth/resume', '/login/consent', '/login/business', '/login']) {
        const place = await stranger.open(`${path}?ticket=${ticket}`)
        assert.equal(place.away, undefined, path)
        assert.ok(!place.forms.some((form) => 'csrf' in form.fields), `${path} offers nothing to answer`)
      }
      const answer = await answerDialog(story, shown, stranger.cookies)
      assert.equal(answer.headers.get('location'), `/login?ticket=${ticket}`)
    }
    const withoutCookies = await answerDialog(story, shown, new Map())
    assert.equal(withoutCookies.headers.get('location'), `/login?ticket=${ticket}`)
    const link = await server.fetch(`/oauth/consent?ticket=${ticket}&decision=allow`)
    assert.equal(link.headers.get('location'), `/oauth/resume?ticket=${ticket}`, 'and never by a link')
    await owner.allow()
    assert.ok(owner.answer().code, 'its own browser can still answer')
  })

  test('a ticket that was passed on reveals nothing of what the app sent for itself (RFC 9700 §4.7, §4.5)', async () => {
    const story = await tellStory({ engine })
    const app = await story.world.makeApp()
    // With these three values an attacker could make a code for their own account that the app accepts for its person.
    const secrets = { state: 'state-of-dana', nonce: 'nonce-of-dana', code_challenge: 'C'.repeat(43) }
    const others = {
      login_hint: 'dana@example.com',
      business_uid: story.bakery.uid,
      claims: '{"id_token":{"sub":null}}',
    }
    const asked = { ...secrets, ...others, code_challenge_method: 'S256' }
    const owner = await story.world.visitor().open(authorizationPath(app, asked))
    const answered = await openDialog(story, app, asked)
    const tickets = [ticketOf(owner), ticketOf(answered.place)]
    await answered.allow()
    const { visitor: omar } = await connect(story, app, 'omar@example.com', { business_uid: story.bakery.uid })
    for (const stranger of [story.world.visitor(), omar]) {
      for (const ticket of tickets) {
        for (const path of ['/oauth/resume', '/login/consent', '/login/business', '/login']) {
          const { html, status } = await stranger.open(`${path}?ticket=${ticket}`)
          assert.equal(status, 403)
          const hidden = [...Object.values(secrets), 'dana', story.bakery.uid, app.clientId, app.redirectUri]
          for (const each of hidden) assert.ok(!html.includes(each), `${path} shows ${each}`)
        }
      }
    }
  })

  test('prompt and max_age of the app cannot be removed on the way (OpenID Connect Core §3.1.2.1)', async () => {
    const story = await tellStory({ engine })
    const app = await story.world.makeApp({ trusted: true })
    const { visitor } = await connect(story, app)
    for (const [name, value] of Object.entries({ prompt: 'login', max_age: '0', logout: 'true' })) {
      const login = await visitor.open(authorizationPath(app, { [name]: value }))
      const ticket = ticketOf(login)
      for (const path of [
        `/oauth/resume?ticket=${ticket}`,
        `/oauth/resume?ticket=${ticket}&prompt=none&max_age=9999`,
      ]) {
        const place = await visitor.open(path)
        assert.ok(place.url.includes('/login?ticket='), place.url)
      }
      await visitor.signIn('dana@example.com', 'not the password')
      await visitor.open(`/oauth/resume?ticket=${ticket}`)
      assert.ok(visitor.place.url.includes('/login?ticket='), 'a wrong password is no sign-in')
    }
    await visitor.open(authorizationPath(app))
    assert.ok(visitor.answer().code, 'the session is unchanged')
  })

  test('of two answers to one request one counts: a double click makes one code', async () => {
    const story = await tellStory({ engine })
    const app = await story.world.makeApp()
    const { place, cookies } = await openDialog(story, app)
    const answers = await Promise.all(Array.from({ length: 10 }, () => answerDialog(story, place, cookies)))
    assert.equal(answers.filter(hasCode).length, 1)
    assert.ok(answers.every(({ status }) => status === 303))
    const later = await answerDialog(story, place, cookies)
    assert.equal(
      later.headers.get('location'),
      `/oauth/resume?ticket=${ticketOf(place)}`,
      'the request is answered again',
    )

    const other = await openDialog(story, app, { prompt: 'consent' })
    const mixed = await Promise.all(
      ['allow', 'deny', 'allow', 'deny'].map((decision) =>
        answerDialog(story, other.place, other.cookies, { decision }),
      ),
    )
    const sentBack = mixed.filter((answer) => answer.headers.get('location')?.startsWith(app.redirectUri))
    assert.equal(sentBack.length, 1)
  })

  test('a denial cannot become an approval, nor an approval a denial', async () => {
    const story = await tellStory({ engine })
    const app = await story.world.makeApp()
    for (const [first, second] of [
      ['deny', 'allow'],
      ['allow', 'deny'],
    ]) {
      const { place, cookies } = await openDialog(story, app, { prompt: 'consent' })
      const answer = await answerDialog(story, place, cookies, { decision: first! })
      assert.equal(hasCode(answer), first === 'allow')
      const late = await answerDialog(story, place, cookies, { decision: second! })
      const expected = second === 'deny' ? '/login' : '/oauth/resume'
      assert.equal(late.headers.get('location'), `${expected}?ticket=${ticketOf(place)}`)
    }
  })

  test('a double click returns to the app with a code that works', async () => {
    const story = await tellStory({ engine })
    const { test: server, world, garage } = story
    const app = await world.makeApp()
    const visitor = world.visitor()
    await visitor.open(authorizationPath(app, { state: 'twice' }))
    await visitor.signIn('omar@example.com', PASSWORD)
    await visitor.chooseBusiness(garage.uid)
    const dialog = visitor.place
    await visitor.allow()
    assert.ok(visitor.answer().code, 'an answer that the browser drops because of the second click')
    visitor.place = dialog
    await visitor.allow()
    const { code, state } = visitor.answer()
    assert.equal(state, 'twice')
    const { access_token: token } = await read(exchange(server, app, code!))
    assert.equal((await read(userinfo(server, token))).business_uid, garage.uid)
  })

  test('an expired request is started again with one click', async () => {
    const story = await tellStory({ engine })
    const { test: server, world } = story
    const app = await world.makeApp()
    const visitor = await openDialog(story, app, { state: 'still there' })
    const { place, cookies } = visitor
    server.clock.advance(3600)
    const late = await answerDialog(story, place, cookies)
    assert.equal(hasCode(late), false)
    await visitor.open(late.headers.get('location')!)
    const again = /href="(\/oauth\/authorize\?[^"]+)"/.exec(visitor.place.html)?.[1]
    assert.ok(again, 'the page leads to the same request')
    await visitor.open(again.replaceAll('&amp;', '&'))
    await visitor.allow()
    assert.equal(visitor.answer().state, 'still there')
  })

  test('a redirect URI that is removed from the app while the dialog is open gets neither a code nor an error (RFC 9700 §4.1)', async () => {
    const story = await tellStory({ engine })
    const { world } = story
    const app = await world.makeApp({ redirectUris: ['https://app.example/callback', 'https://old.example/cb'] })
    const visitor = await openDialog(story, app, { redirect_uri: 'https://old.example/cb' })
    const { place, cookies } = visitor
    const login = world.visitor()
    await login.open(authorizationPath(app, { redirect_uri: 'https://old.example/cb' }))
    await changeApp(story, app, { redirectUris: ['https://app.example/callback'] })

    for (const decision of ['allow', 'deny']) {
      const answer = await answerDialog(story, place, cookies, { decision })
      assert.deepEqual([answer.status, answer.headers.get('location')], [400, null], decision)
    }
    await visitor.open(`/oauth/resume?ticket=${ticketOf(place)}`)
    assert.equal(visitor.place.away, undefined)
    const cancelled = await login.submit({ decision: 'deny' }, isConsent)
    assert.deepEqual([cancelled.away, cancelled.status], [undefined, 400])
  })
})
