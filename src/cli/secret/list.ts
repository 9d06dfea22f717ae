import { command } from '../kit/command.ts'
import { needApp } from '../kit/need-app.ts'
import { day, table } from '../kit/table.ts'
import { withSite } from '../kit/with-site.ts'

export default command({
  options: {
    app: { type: 'string', value: 'APP', required: true, sentence: 'The app: its uid or its code name.' },
  },
  more: 'When one was last used is told to the hour. What has not been used for long can be retired.',
  examples: ['secret list --app tidybooks'],
  async run({ app: given }, around) {
    const secrets = await withSite(around, async ({ store, clock }) =>
      store.appSecrets.listLive((await needApp(given, { store })).uid, clock.now()),
    )
    const rows = secrets.map(({ uid, name, createdAt, expiresAt, lastUsedAt }) => [
      uid,
      name,
      day(createdAt),
      expiresAt === null ? '' : day(expiresAt),
      lastUsedAt === null ? 'never' : day(lastUsedAt),
    ])
    return {
      text: table(['UID', 'NAME', 'SINCE', 'UNTIL', 'LAST USED'], rows, 'This app has no secret.'),
      json: {
        secrets: secrets.map(({ uid, name, createdAt, expiresAt, lastUsedAt }) => ({
          uid,
          name,
          created_at: createdAt,
          expires_at: expiresAt,
          last_used_at: lastUsedAt,
        })),
      },
    }
  },
})
