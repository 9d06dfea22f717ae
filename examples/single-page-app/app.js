/**
 * The code flow of a public app, all in the browser (RFC 10017, OAuth 2.1 §4.1): PKCE, `state`, `iss`, a short access token and a
 * refresh token that is used once. Tokens live in this page's memory alone: a person who reloads it connects again, without a dialog.
 */
const settings = await (await fetch('/settings.json')).json()
const issuer = settings.authorizationServer
const metadata = await (await fetch(`${issuer}/.well-known/oauth-authorization-server`)).json()
const redirectUri = `${location.origin}/`

let tokens

const base64url = (bytes) =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)))
const sha256 = async (text) =>
  base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))))

const element = (id) => document.getElementById(id)
const say = (sentence) => {
  element('said').textContent = sentence
}

/** Leaves for the permission dialog. What has to be remembered until the return is no secret of anybody but this tab. */
async function connect() {
  const [state, verifier] = [random(), random()]
  sessionStorage.setItem('waiting', JSON.stringify({ state, verifier }))
  location.assign(
    `${metadata.authorization_endpoint}?${new URLSearchParams({
      response_type: 'code',
      client_id: settings.clientId,
      redirect_uri: redirectUri,
      scope: 'openid profile email',
      state,
      code_challenge: await sha256(verifier),
      code_challenge_method: 'S256',
    })}`,
  )
}

/** Comes back from it: believes only an answer to the question that this tab has asked, from the server that it has asked. */
async function comeBack() {
  const answer = new URLSearchParams(location.search)
  if (!answer.has('state')) return
  history.replaceState(null, '', '/')
  const waiting = JSON.parse(sessionStorage.getItem('waiting') ?? '{}')
  sessionStorage.removeItem('waiting')
  if (answer.get('state') !== waiting.state || answer.get('iss') !== metadata.issuer) {
    return say('This answer was not asked for here. Connect again.')
  }
  if (answer.has('error')) return say(`Not connected: ${answer.get('error_description') ?? answer.get('error')}`)
  const code = answer.get('code')
  await ask({ grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: waiting.verifier })
}

/** Asks for tokens; no secret is sent, because a page can keep none. */
async function ask(fields) {
  const body = new URLSearchParams({ client_id: settings.clientId, ...fields })
  const response = await fetch(metadata.token_endpoint, { method: 'POST', body })
  const told = await response.json()
  if (!response.ok) return say(`Not connected: ${told.error_description ?? told.error}`)
  tokens = told
  await show()
}

async function show() {
  const headers = { authorization: `Bearer ${tokens.access_token}` }
  const info = await (await fetch(metadata.userinfo_endpoint, { headers })).json()
  say(`Connected to ${info.business_name} as ${info.name}.`)
  element('connect').hidden = true
  element('refresh').hidden = tokens.refresh_token === undefined
  element('disconnect').hidden = false
}

/** Hands the tokens back (RFC 7009), so that no one can use them after this page is gone. */
async function disconnect() {
  const body = new URLSearchParams({ client_id: settings.clientId, token: tokens.refresh_token ?? tokens.access_token })
  await fetch(metadata.revocation_endpoint, { method: 'POST', body })
  tokens = undefined
  say('Not connected.')
  element('connect').hidden = false
  element('refresh').hidden = true
  element('disconnect').hidden = true
}

element('connect').addEventListener('click', connect)
element('disconnect').addEventListener('click', disconnect)
element('refresh').addEventListener('click', async () => {
  const before = tokens.access_token
  await ask({ grant_type: 'refresh_token', refresh_token: tokens.refresh_token })
  if (tokens.access_token !== before) say(`${element('said').textContent} The token is a new one.`)
})
await comeBack()
