import type { PlainAppSettings, Registration, TokenAnswer } from './plain-app.ts'

/** The front page: one card for each app that we registered. */
export function startPage({ registrations }: PlainAppSettings): string {
  const cards = registrations.map(
    ({ slug, name, note }) => `<section>
      <h2>${text(name)}</h2>
      <p>${text(note)}</p>
      <p class="ways"><a class="button" href="/connect?app=${text(slug)}">Connect ${text(name)}</a>
      <a href="/connect?app=${text(slug)}&amp;by=hand">Show the authorization code</a></p>
    </section>`,
  )
  return page('A sample app', ['<p>It asks a business for permission to see its clients.</p>', ...cards].join('\n'))
}

/** What came of it: for which business, who its clients are, and what the token endpoint said. */
export function resultPage(
  { name }: Registration,
  token: TokenAnswer,
  userinfo: Record<string, unknown>,
  answer: Record<string, unknown>,
): string {
  const clients = (answer.data as { clients?: Record<string, string>[] } | undefined)?.clients
  const rows = clients?.map(
    (client) =>
      `<tr><td>${text(`${client.first_name} ${client.last_name}`)}</td><td>${text(`${client.email}`)}</td></tr>`,
  )
  const fields = Object.entries(token).map(
    ([field, value]) =>
      `<tr><th scope="row">${text(field)}</th><td><code>${text(shortened(field, value))}</code></td></tr>`,
  )
  return page(
    `${name} is connected`,
    `<p id="userinfo">It acts for <strong>${text(`${userinfo.business_name}`)}</strong>. ${text(`${userinfo.name} (${userinfo.role})`)} signed in.</p>
    <h2>Clients of the business</h2>
    ${rows ? `<table id="clients">${rows.join('')}</table>` : `<p>The API said: <code>${text(JSON.stringify(answer))}</code></p>`}
    <h2>What the token endpoint answered</h2>
    <table id="token">${fields.join('')}</table>
    ${BACK}`,
  )
}

/** The code in the documentation's own curl, to do the exchange by hand. */
export function codePage(code: string, registration: Registration, settings: PlainAppSettings): string {
  return page(
    'Your code',
    `<p><code id="code">${text(code)}</code></p>
    <p>It works once, and for 30 seconds from now. Paste this into a terminal:</p>
    <pre id="curl">${text(exchangeCurl(code, registration, settings))}</pre>
    <p>Too late? <a href="/connect?app=${text(registration.slug)}&amp;by=hand">Get a fresh one.</a></p>
    ${BACK}`,
  )
}

export function messagePage(title: string, sentence: string): string {
  return page(title, `<p>${text(sentence)}</p>${BACK}`)
}

/** The exchange as a command. */
export function exchangeCurl(code: string, registration: Registration, settings: PlainAppSettings): string {
  return `curl ${settings.authorizationServer}/oauth/token \\
  -H "Content-Type: application/json" \\
  -d '{"grant_type": "authorization_code", "code": "${code}",
    "client_id": "${registration.clientId}", "client_secret": "${registration.clientSecret}",
    "redirect_uri": "${settings.url}/callback" }'`
}

/** Nobody needs to see a whole token on a screen. */
function shortened(field: string, value: unknown): string {
  return field.endsWith('_token') ? `${String(value).slice(0, 12)}…` : String(value)
}

const BACK = '<p><a href="/">Back to the front page</a></p>'

function text(raw: string): string {
  return raw.replaceAll(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`)
}

function page(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(title)}</title>
<style>
  :root { color-scheme: light dark; --line: light-dark(#dcdad4, #383c44); --ink: light-dark(#22252b, #e9e8e4); }
  body { margin: 0; background: light-dark(#faf8f3, #15171b); color: var(--ink); font: 1.0625rem/1.55 system-ui, sans-serif; }
  main { max-width: 42rem; margin: 0 auto; padding: 3rem 1.25rem; }
  h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 1rem; }
  h2 { font-size: 1.125rem; margin: 2rem 0 .5rem; }
  section { background: light-dark(#fff, #1e2126); border: 1px solid var(--line); border-radius: .75rem; padding: 0 1.25rem .25rem; margin: 1rem 0; }
  section h2 { margin-top: 1rem; }
  a { color: light-dark(#8a3b12, #f0a77c); }
  .ways { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1rem; }
  .button { display: inline-block; background: light-dark(#8a3b12, #f0a77c); color: light-dark(#fff, #1b1310); border-radius: .5rem;
    padding: .6rem 1rem; text-decoration: none; font-weight: 600; }
  table { border-collapse: collapse; width: 100%; }
  th, td { text-align: start; vertical-align: top; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line); font-weight: 400; }
  code, pre { font: .9375rem/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
  pre { background: light-dark(#fff, #1e2126); border: 1px solid var(--line); border-radius: .5rem; padding: 1rem; white-space: pre-wrap; }
</style>
</head>
<body><main>
<h1>${text(title)}</h1>
${content}
</main></body>
</html>
`
}
