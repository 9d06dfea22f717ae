import type { Outcome } from '../kit/command.ts'
import { BUSINESSES, PASSWORD, PEOPLE } from './cast.ts'
import type { Kept } from './kept.ts'
import { DATABASE, FOLDER } from './kept.ts'
import type { DemoClient } from './samples.ts'

export interface Urls {
  server: string
  app: string
  api: string
}

/** Where to click, who to sign in as, and what to type. */
export function demoOutcome(kept: Kept, urls: Urls): Outcome {
  const [app] = kept.apps
  const redirectUri = `${urls.app}/callback`
  const widest = Math.max(...PEOPLE.map(({ email }) => email.length))
  const people = PEOPLE.map(({ email, roles }) => {
    const of = Object.entries(roles).map(([business, role]) => `${role} of ${business}`)
    return `       ${email.padEnd(widest)}  ${PASSWORD}  ${of.join(', ')}`
  })
  const text = `
  Behalf is running, with a sample app and a sample API. Everything is kept in ${FOLDER}/ on this machine.

  1. Open the sample app and connect it:  ${urls.app}
     "Tidy Books" asks for permission; "Front Desk" is trusted and does not.

  2. Sign in as one of these:
${people.join('\n')}

  3. Choose a business, say yes, and see its clients.

  By hand: get a fresh code at  ${urls.app}/connect?app=${app!.slug}&by=hand
  The page shows this command with the code in the place of {your_code}; a code works once, and for 30 seconds.

    curl ${urls.server}/oauth/token \\
      -H "Content-Type: application/json" \\
      -d '{"grant_type": "authorization_code", "code": "{your_code}",
        "client_id": "${app!.clientId}", "client_secret": "${app!.clientSecret}",
        "redirect_uri": "${redirectUri}" }'

  Then, with the access token it answers:

    curl --request GET \\
      --url ${urls.server}/oauth/userinfo \\
      --header 'Accept: application/json' \\
      --header 'Authorization: Bearer {{access_token}}'

    curl ${urls.api}/platform/v1/clients -H 'Authorization: Bearer {{access_token}}'

  The operator's command line works on this server too, from a second terminal in this folder. To disconnect the app again:

    BEHALF_DATABASE_URL=sqlite:${DATABASE} npm run -s behalf -- install end \\
      --app ${app!.codeName} --business ${kept.businesses[0]!.uid}

  Ctrl-C stops everything. The next \`npm run demo\` finds it all as it was; \`npm run demo -- --reset\` begins anew.
`
  return {
    text,
    json: {
      url: urls.server,
      app_url: urls.app,
      api_url: urls.api,
      database_url: `sqlite:${DATABASE}`,
      directory_uid: kept.directoryUid,
      directory_token: kept.directoryToken,
      businesses: kept.businesses,
      people: PEOPLE.map(({ email, name }) => ({ email, name, password: PASSWORD })),
      apps: kept.apps.map(({ slug, name, codeName, clientId, clientSecret }) => ({
        slug,
        name,
        app_code_name: codeName,
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uri: redirectUri,
      })),
    },
  }
}

/** The clients that the sample API tells of, by the uid of their business. */
export function demoClients({ businesses }: Kept): Record<string, DemoClient[]> {
  const entries = businesses.map(({ uid, name }) => {
    const { clients } = BUSINESSES.find((each) => each.name === name)!
    return [
      uid,
      clients.map(([first, last], index) => ({
        id: `${uid}-${index + 1}`,
        first_name: first,
        last_name: last,
        email: `${first.toLowerCase()}.${last.toLowerCase()}@example.com`,
      })),
    ]
  })
  return Object.fromEntries(entries)
}
