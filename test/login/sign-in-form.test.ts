import assert from 'node:assert/strict'
import { test } from 'node:test'
import { authorizationPath } from '../parts/app-calls.ts'
import { type Story, tellStory } from '../parts/stories.ts'
import { text } from '../parts/visitor.ts'
import { PASSWORD } from '../parts/world.ts'

const story = await tellStory()
const titleOf = (html: string) => /<title>(.*)<\/title>/.exec(html)![1]!

async function signedIn({ world }: Story, email = 'dana@example.com') {
  const visitor = world.visitor()
  await visitor.open('/login')
  await visitor.signIn(email, PASSWORD)
  return visitor
}

test('to continue with the account that is signed in is the main button, and to sign in with another one is not', async () => {
  const visitor = await signedIn(story)
  for (const path of ['/login', authorizationPath(await story.world.makeApp(), { prompt: 'select_account' })]) {
    const { html } = await visitor.open(path)
    assert.match(html, /class="account primary" id="continue"/)
    assert.match(html, /class="button" id="sign-in"/)
  }
  const { html } = await story.world.visitor().open('/login')
  assert.match(html, /class="button primary" id="sign-in"/)
})

test('the title of a page whose form has an error begins with "Error:"', async () => {
  const visitor = story.world.visitor()
  await visitor.open('/login')
  assert.equal(titleOf(visitor.place.html), 'Sign in – Northwind')
  await visitor.signIn('dana@example.com', 'wrong')
  assert.equal(titleOf(visitor.place.html), 'Error: Sign in – Northwind')
  const omar = story.world.visitor()
  await omar.open(authorizationPath(await story.world.makeApp()))
  await omar.signIn('omar@example.com', PASSWORD)
  assert.match(titleOf(omar.place.html), /^Choose a business – /)
  await omar.chooseBusiness('')
  assert.match(titleOf(omar.place.html), /^Error: Choose a business – /)
})

test('the wait after too many attempts is in words', async () => {
  const throttled = await tellStory()
  const visitor = throttled.world.visitor()
  await visitor.open('/login')
  for (let n = 0; n < 12; n++) await visitor.signIn('dana@example.com', `guess ${n}`)
  assert.match(text(visitor.place.html), /Too many attempts\. Try again in about \d+ (minutes|seconds)\./)
})

test('links that open a new tab say so', async () => {
  const app = await story.world.makeApp({
    listing: { policy_uri: 'https://app.example/privacy', tos_uri: 'https://app.example/terms' },
  })
  const { html } = await story.world.visitor().open(authorizationPath(app))
  const links = html.match(/<a [^>]*target="_blank".*?<\/a>/g)!
  assert.deepEqual(links.map(text), ['Privacy policy (opens in a new tab)', 'Terms of service (opens in a new tab)'])
})
