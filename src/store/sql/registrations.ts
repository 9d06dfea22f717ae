import type { Db, Step } from '../engine/db.ts'
import type { Registrations } from '../nouns/registrations.ts'
import { liveApp } from './alive.ts'
import { secretColumns } from './app-secrets.ts'
import { addSteps, changeSteps, readApp } from './apps.ts'
import { insert } from './columns.ts'
import { eventStep } from './events.ts'
import { unconfirmedSteps } from './unconfirmed-apps.ts'

export function registrations(db: Db): Registrations {
  return {
    async add(app, secret, { appUid, tokenDigest, platformTokenUid, changedAt }, unconfirmed, event) {
      const row = {
        app_uid: appUid,
        token_digest: tokenDigest,
        platform_token_uid: platformTokenUid,
        changed_at: changedAt,
      }
      const steps = [...addSteps(app, secret), insert('registrations', row), ...unconfirmedSteps(appUid, unconfirmed)]
      await db.write([...steps, eventStep(event)])
    },
    async findLiveApp(tokenDigest) {
      const row = await db.one(
        `select a.* from registrations r join apps a on a.uid = r.app_uid and ${liveApp('a')}
          where r.token_digest = $1`,
        [tokenDigest],
      )
      return row && readApp(row)
    },
    async replace(app, was, token, secret, at, event, asksAgain) {
      // The token first: of two who replace at once, the second waits here and then finds it gone.
      const steps: Step[] = [
        {
          sql: 'update registrations set token_digest = $3, changed_at = $4 where app_uid = $1 and token_digest = $2',
          params: [app.uid, token.was, token.digest, at],
          must: true,
        },
        ...changeSteps(app, was, asksAgain),
      ]
      if (secret !== undefined) {
        const sql = 'update app_secrets set ended_at = $2 where app_uid = $1 and ended_at is null'
        steps.push({ sql, params: [app.uid, at] })
      }
      if (secret) steps.push(insert('app_secrets', secretColumns(secret)))
      return (await db.write([...steps, eventStep(event)])) !== undefined
    },
  }
}
