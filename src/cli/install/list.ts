import { command } from '../kit/command.ts'
import { needApp } from '../kit/need-app.ts'
import { day, table } from '../kit/table.ts'
import { withSite } from '../kit/with-site.ts'

export default command({
  options: {
    app: { type: 'string', value: 'APP', sentence: 'Only of this app: its uid or its code name.' },
    business: { type: 'string', value: 'UID', sentence: 'Only in this business.' },
  },
  more: 'Those that live: what was disconnected, and what hung on something that has ended, is not listed.',
  examples: ['install list', 'install list --app tidybooks', 'install list --business k3v9x0c2m5q8r1tz'],
  async run({ app, business }, around) {
    const installs = await withSite(around, async ({ store }) => {
      const appUid = app === undefined ? undefined : (await needApp(app, { store })).uid
      return store.installs.list({ appUid, businessUid: business })
    })
    const rows = installs.map((each) => [
      each.uid,
      each.appCodeName,
      each.businessUid,
      each.businessName,
      day(each.createdAt),
      each.scopes.join(' '),
    ])
    return {
      text: table(['UID', 'APP', 'BUSINESS', 'NAME', 'SINCE', 'SCOPES'], rows, 'No app is connected.'),
      json: {
        installs: installs.map((each) => ({
          uid: each.uid,
          app_uid: each.appUid,
          app_code_name: each.appCodeName,
          business_uid: each.businessUid,
          business_name: each.businessName,
          scopes: each.scopes,
          installed_by: each.installedBy,
          created_at: each.createdAt,
          changed_at: each.changedAt,
        })),
      },
    }
  },
})
