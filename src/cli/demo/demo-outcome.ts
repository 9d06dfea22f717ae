import type { Outcome } from '../kit/command.ts'
import { pickJson } from '../kit/pick-json.ts'
import { demoCommand, programName } from '../kit/program-name.ts'
import { BUSINESSES, PASSWORD, PEOPLE } from './demo-data.ts'
import { DATABASE, type DemoState, FOLDER } from './demo-folder.ts'
import type { DemoClient } from './samples.ts'

export interface Urls {
  server: string
  app: string
  api: string
}

/** Prints how to try the demo: links, people to sign in as, and commands. */
export function demoOutcome(state: DemoState, urls: Urls): Outcome {
  const [app] = state.apps
  const redirectUri = `${urls.app}/callback`
  const widest = Math.max(...PEOPLE.map(({ email }) => email.length))
  const people = PEOPLE.map(({ email, roles }) => {
    const of = Object.entries(roles).map(([business, role]) => `${role} of ${business}`)
    return `       ${email.padEnd(widest)}  ${PASSWORD}  ${of.join(', ')}`
  })
  const text = `
  Behalf is running, with a sample app and a sample API. Everything is stored in ${FOLDER}/ on this machine.

  1. Open the sample app and connect it:  ${urls.app}
     "Tidy Books" asks for permission; "Front Desk" is trusted and does not.

  2. Sign in as one of these:
${people.join('\n')}

  3. Choose a business, allow the app, and see the clients of the business.

  By hand: get a fresh code at  ${urls.app}/connect?app=${app!.slug}&by=hand
  The page shows this command with the code in place of {your_code}. A code works once, for 30 seconds.

    curl ${urls.server}/oauth/token \\
      -H "Content-Type: application/json" \\
      -d '{"grant_type": "authorization_code", "code": "{your_code}",
        "client_id": "${app!.clientId}", "client_secret": "${app!.clientSecret}",
        "redirect_uri": "${redirectUri}" }'

  Then, with the access token from the answer:

    curl --request GET \\
      --url ${urls.server}/oauth/userinfo \\
      --header 'Accept: application/json' \\
      --header 'Authorization: Bearer {{access_token}}'

    curl ${urls.api}/platform/v1/clients -H 'Authorization: Bearer {{access_token}}'

  The operator's commands work on this server too, from a second terminal in this folder. To disconnect the app again:

    BEHALF_DATABASE_URL=sqlite:${DATABASE} ${programName} install end \\
      --app ${app!.codeName} --business ${state.businesses[0]!.uid}

  Ctrl-C stops everything. The next \`${demoCommand()}\` continues with the same data; \`${demoCommand('--reset')}\` starts over.
`
  return {
    text,
    json: {
      url: urls.server,
      app_url: urls.app,
      api_url: urls.api,
      database_url: `sqlite:${DATABASE}`,
      directory_uid: state.directoryUid,
      directory_token: state.directoryToken,
      businesses: state.businesses,
      people: PEOPLE.map(({ email, name }) => ({ email, name, password: PASSWORD })),
      apps: state.apps.map((each) => ({
        ...pickJson(each, 'slug', 'name', 'clientId', 'clientSecret'),
        app_code_name: each.codeName,
        redirect_uri: redirectUri,
      })),
    },
  }
}

/** The clients that the sample API returns, by the uid of their business. */
export function demoClients({ businesses }: DemoState): Record<string, DemoClient[]> {
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
