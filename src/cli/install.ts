import { operatorActor } from '../domain/audit/actor.ts'
import { disconnectApp } from '../domain/installs/disconnect-app.ts'
import { command } from './kit/command.ts'
import { notFound } from './kit/exit.ts'
import { listCommand } from './kit/list-command.ts'
import { APP, needApp } from './kit/need.ts'
import { withSite } from './kit/with-site.ts'

export const list = listCommand({
  of: 'installs',
  options: {
    app: { value: 'APP', description: 'Only the installs of this app: its uid or code name.' },
    business: { value: 'UID', description: 'Only the installs in this business.' },
  },
  more: 'Lists live installs only: no app that was disconnected, and none whose business or app has ended.',
  examples: ['install list', 'install list --app tidybooks', 'install list --business BUSINESS_UID'],
  async rows({ app, business }, { store }) {
    const appUid = app === undefined ? undefined : (await needApp(app, { store })).uid
    return store.installs.list({ appUid, businessUid: business })
  },
  columns: {
    UID: 'uid',
    APP: 'appCodeName',
    BUSINESS: 'businessUid',
    NAME: 'businessName',
    SINCE: 'createdAt',
    SCOPES: 'scopes',
  },
  json: [
    ...(['uid', 'appUid', 'appCodeName', 'businessUid', 'businessName', 'scopes'] as const),
    ...(['installedBy', 'createdAt', 'changedAt'] as const),
  ],
  none: 'No app is connected.',
})

export const end = command({
  options: { app: APP, business: { value: 'UID', required: true, description: 'The business.' } },
  more: 'This takes effect at once on every server. People of the business can connect the app again, and are asked for permission again.',
  examples: ['install end --app tidybooks --business BUSINESS_UID'],
  async run({ app: given, business }, around) {
    return withSite(around, async (site) => {
      const app = await needApp(given, site)
      const ended = await disconnectApp(app, business, operatorActor, site)
      if (!ended) throw notFound(`The app ${given} is not connected to the business ${business}.`)
      return {
        text: `The app "${app.name}" was disconnected from the business ${business}.`,
        json: { uid: ended.uid, app_uid: app.uid, business_uid: business, ended_at: ended.endedAt },
      }
    })
  },
})
