import assert from 'node:assert/strict'
import { test } from 'node:test'
import { authorizationPath, exchange, exchangeForm, read, userinfo } from '../parts/app-calls.ts'
import { answerDialog, hasCode, openDialog, ticketOf } from '../parts/permission-dialog.ts'
import { onBothEngines, type Story, tellStory } from '../parts/stories.ts'
import type { Place, Visitor } from '../parts/visitor.ts'
import { PASSWORD, type TestApp } from '../parts/world.ts'

const CHALLENGE = { code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256' }
const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'

/** Posts a form of an earlier page again, as a second click does that cancels the way to the app. */
async function again(visitor: Visitor, page: Place, post: (visitor: Visitor) => Promise<Place>): Promise<Place> {
  visitor.place = page
  return post(visitor)
}

/** The page that says why a request cannot continue. */
const hasEnded = ({ status, html }: Place) => status === 410 && html.includes('This sign-in has ended')

onBothEngines((engine) => {
  test('a second click on Sign in, Continue as, Continue or Allow returns to the app with a code that works', async () => {
    const story = await tellStory({ engine })
    const app = await story.world.makeApp({ trusted: true })
    const visitor = story.world.visitor()
    const isCode = async () => {
      const { code, state } = visitor.answer()
      assert.equal(state, 'twice')
      const { access_token: token } = await read(exchange(story.test, app, code!))
      return (await read(userinfo(story.test, token))).business_uid
    }
    const business = { business_uid: story.garage.uid, state: 'twice' }

    const signIn = await visitor.open(authorizationPath(app, { ...business, prompt: 'login' }))
    const post = () => visitor.signIn('omar@example.com', PASSWORD)
    await post()
    assert.equal(await isCode(), story.garage.uid)
    const session = visitor.cookies.get('behalf-session')
    await again(visitor, signIn, post)
    assert.equal(await isCode(), story.garage.uid)
    assert.equal(visitor.cookies.get('behalf-session'), session, 'the second click is no second sign-in')

    const account = await visitor.open(authorizationPath(app, { ...business, prompt: 'select_account' }))
    const continueAs = () => visitor.submit({}, ({ action }) => action === '/login/continue')
    for (const page of [account, account]) await again(visitor, page, continueAs)
    assert.equal(await isCode(), story.garage.uid)

    const choice = await visitor.open(authorizationPath(app, { state: 'twice' }))
    const choose = () => visitor.chooseBusiness(story.garage.uid)
    for (const page of [choice, choice]) await again(visitor, page, choose)
    assert.equal(await isCode(), story.garage.uid)
  })

  test('a second click on Deny or Cancel gives the app the same error again', async () => {
    const story = await tellStory({ engine })
    const app = await story.world.makeApp()
    for (const open of [
      () => openDialog(story, app, { state: 's' }),
      async () => {
        const visitor = story.world.visitor()
        await visitor.open(authorizationPath(app, { state: 's' }))
        return visitor
      },
    ]) {
      const visitor = await open()
      const page = visitor.place
      for (let click = 1; click <= 3; click++) {
        await again(visitor, page, () => visitor.deny())
        const { error, state, code } = visitor.answer()
        assert.deepEqual([error, state, code], ['access_denied', 's', undefined], `click ${click}`)
      }
      const denied = await story.test.site.store.events.list({ type: 'consent.denied', appUid: app.uid }, 10)
      assert.ok(denied.length <= 2, 'it is recorded once')
    }
  })

  test('the first answer counts: Allow after Deny is a denial, and Deny after Allow takes nothing back', async () => {
    const story = await tellStory({ engine })
    const app = await story.world.makeApp()
    const denied = await openDialog(story, app, { prompt: 'consent' })
    const first = denied.place
    await denied.deny()
    await again(denied, first, () => denied.allow())
    assert.equal(denied.answer().error, 'access_denied')

    const allowed = await openDialog(story, app, { prompt: 'consent' })
    const dialog = allowed.place
    await allowed.allow()
    const { code } = allowed.answer()
    await again(allowed, dialog, () => allowed.deny())
    assert.ok(hasEnded(allowed.place))
    assert.equal((await exchange(story.test, app, code!)).status, 200)
  })

  test('where the dialog is always shown, a second click gets the same code until the app uses it, and then the dialog', async () => {
    const story = await tellStory({ engine })
    for (const [details, parameters] of [
      [{}, { prompt: 'consent' }],
      [{ redirectUri: 'com.example.app:/back', public: true }, CHALLENGE],
    ] as const) {
      const app = await story.world.makeApp(details)
      const visitor = await openDialog(story, app, parameters)
      const dialog = visitor.place
      const codes = new Set<string>()
      for (let click = 1; click <= 3; click++) {
        await again(visitor, dialog, () => visitor.allow())
        codes.add(visitor.answer().code!)
      }
      assert.equal(codes.size, 1, 'one dialog gives one code')
      const [code] = codes
      assert.equal((await redeem(story, app, code!)).status, 200)
      await again(visitor, dialog, () => visitor.allow())
      assert.equal(new URL(visitor.place.url).pathname, '/login/consent')
      assert.notEqual(ticketOf(visitor.place), ticketOf(dialog))
      await visitor.allow()
      assert.equal((await redeem(story, app, visitor.answer().code!)).status, 200)
    }
  })

  test('a code that has expired or was ended is not given again', async () => {
    const story = await tellStory({ engine })
    const app = await story.world.makeApp()
    const visitor = await openDialog(story, app, { prompt: 'consent' })
    const dialog = visitor.place
    await visitor.allow()
    story.test.clock.advance(31)
    await again(visitor, dialog, () => visitor.allow())
    assert.equal(new URL(visitor.place.url).pathname, '/login/consent')
  })

  test('another person who has signed in since then gets nothing of the answer', async () => {
    const story = await tellStory({ engine })
    const app = await story.world.makeApp()
    const visitor = await openDialog(story, app, { prompt: 'consent' })
    const dialog = visitor.place
    await visitor.allow()
    await visitor.open('/login?switch=1')
    await visitor.signIn('omar@example.com', PASSWORD)
    await again(visitor, dialog, () => visitor.allow())
    assert.ok(hasEnded(visitor.place))
    const stranger = await answerDialog(story, dialog, new Map())
    assert.equal(hasCode(stranger), false)
  })

  test('the sign-in form of an answered request does not sign in another person', async () => {
    const story = await tellStory({ engine })
    const app = await story.world.makeApp({ trusted: true })
    const visitor = story.world.visitor()
    const signIn = await visitor.open(authorizationPath(app))
    await visitor.signIn('dana@example.com', PASSWORD)
    assert.ok(visitor.answer().code)
    await again(visitor, signIn, () => visitor.signIn('omar@example.com', PASSWORD))
    assert.ok(hasEnded(visitor.place))
  })

  test('the sign-in for a request counts for a minute after its answer, and then the app gets a new one', async () => {
    const story = await tellStory({ engine })
    const app = await story.world.makeApp({ trusted: true })
    for (const [name, value] of Object.entries({ prompt: 'login', max_age: '0' })) {
      const visitor = story.world.visitor()
      const signIn = await visitor.open(authorizationPath(app, { [name]: value }))
      await visitor.signIn('dana@example.com', PASSWORD)
      story.test.clock.advance(60)
      await again(visitor, signIn, () => visitor.signIn('dana@example.com', PASSWORD))
      assert.ok(visitor.answer().code)
      story.test.clock.advance(1)
      await again(visitor, signIn, () => visitor.signIn('dana@example.com', 'not checked'))
      assert.equal(new URL(visitor.place.url).pathname, '/login')
      assert.notEqual(ticketOf(visitor.place), ticketOf(signIn))
    }
  })

  test('after its lifetime a request gives no code, however often its dialog is posted', async () => {
    const story = await tellStory({ engine })
    const app = await story.world.makeApp()
    const visitor = await openDialog(story, app)
    const dialog = visitor.place
    const late = await openDialog(story, app, { prompt: 'consent' })
    await visitor.allow()
    story.test.clock.advance(3600)
    for (const [each, page] of [
      [visitor, dialog],
      [late, late.place],
    ] as const) {
      await again(each, page, () => each.allow())
      assert.ok(hasEnded(each.place))
    }
  })
})

function redeem(story: Story, app: TestApp, code: string): Promise<Response> {
  return app.public
    ? exchangeForm(story.test, {
        grant_type: 'authorization_code',
        code,
        client_id: app.clientId,
        redirect_uri: app.redirectUri,
        code_verifier: VERIFIER,
      })
    : exchange(story.test, app, code)
}
