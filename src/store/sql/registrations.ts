import type { Db, Step } from '../engine/db.ts'
import type { Registration, Registrations } from '../nouns/registrations.ts'
import { liveApp } from './alive.ts'
import type { AppRows } from './app-rows.ts'
import { APP_SECRETS } from './app-secrets.ts'
import { eventStep } from './events.ts'
import { table } from './table.ts'
import { unconfirmedSteps } from './unconfirmed-apps.ts'
import { finding, isWritten } from './verbs.ts'

const REGISTRATIONS = table<Registration>('registrations', 'app_uid, token_digest, platform_token_uid, changed_at')
const FIND_LIVE_APP = `select a.* from registrations r join apps a on a.uid = r.app_uid and ${liveApp('a')}
  where r.token_digest = $1`
const REPLACE = 'update registrations set token_digest = $3, changed_at = $4 where app_uid = $1 and token_digest = $2'
const END_SECRETS = 'update app_secrets set ended_at = $2 where app_uid = $1 and ended_at is null'

export function registrations(db: Db, { read, addSteps, changeSteps }: AppRows): Registrations {
  return {
    async add(app, secret, registration, unconfirmed, event) {
      const listed = unconfirmedSteps(app.uid, unconfirmed)
      await db.write([...addSteps(app, secret), REGISTRATIONS.add(registration), ...listed, eventStep(event)])
    },
    findLiveApp: finding(db, read, FIND_LIVE_APP),
    replace(app, was, token, secret, at, event, asksAgain) {
      // The token comes first: of two replacements at once, the second waits here and then finds that the token is gone.
      const replaced = { sql: REPLACE, params: [app.uid, token.was, token.digest, at], must: true }
      const steps: Step[] = [replaced, ...changeSteps(app, was, asksAgain)]
      if (secret !== undefined) steps.push({ sql: END_SECRETS, params: [app.uid, at] })
      if (secret) steps.push(APP_SECRETS.add(secret))
      return isWritten(db, steps, event)
    },
  }
}
