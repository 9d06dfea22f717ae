import { addSecret, endSecret } from '../domain/apps/app-secrets.ts'
import { operatorActor } from '../domain/audit/actor.ts'
import { command } from './kit/command.ts'
import { endCommand } from './kit/end-command.ts'
import { usageFailure } from './kit/exit.ts'
import { listCommand } from './kit/list-command.ts'
import { APP, needApp } from './kit/need.ts'
import { pickJson } from './kit/pick-json.ts'
import { day } from './kit/table.ts'
import { withSite } from './kit/with-site.ts'

export const create = command({
  options: {
    app: APP,
    name: { required: true, description: 'What it is for, to tell it from others.' },
    'expires-in': { value: 'SECONDS', description: 'How long it is valid. Default: until it is retired.' },
  },
  more: 'The other secrets stay valid: give the new one to every copy of the app, then retire the old one.',
  examples: [
    'secret create --app tidybooks --name "2027"',
    'secret create --app tidybooks --name trial --expires-in 86400',
  ],
  async run({ app: given, name, 'expires-in': lifetime }, around) {
    if (lifetime !== undefined && !/^\d{1,10}$/.test(lifetime)) {
      throw usageFailure('--expires-in must be a number of seconds.')
    }
    const draft = { name, expiresIn: lifetime === undefined ? undefined : Number(lifetime) }
    const { app, secret, row } = await withSite(around, async (site) => {
      const app = await needApp(given, site)
      return { app, ...(await addSecret(app, draft, operatorActor, site)) }
    })
    const until = row.expiresAt === null ? '' : `, and is valid until ${day(row.expiresAt)}`
    return {
      text: [
        `The app "${app.name}" has another secret, "${row.name}": ${row.uid}`,
        '',
        `  client id      ${app.clientId}`,
        `  client secret  ${secret}`,
        '',
        `The secret is shown only once${until}. The others stay valid. End one with:`,
        '  behalf secret retire UID',
      ].join('\n'),
      json: {
        ...pickJson(row, 'uid', 'appUid', 'name', 'createdAt', 'expiresAt'),
        client_id: app.clientId,
        client_secret: secret,
      },
    }
  },
})

export const list = listCommand({
  of: 'secrets',
  options: { app: APP },
  more: 'The time of the last use is accurate to the hour. A secret that has not been used for long can be retired.',
  examples: ['secret list --app tidybooks'],
  async rows({ app }, { store, clock }) {
    return store.appSecrets.listLive((await needApp(app, { store })).uid, clock.now())
  },
  columns: {
    UID: 'uid',
    NAME: 'name',
    SINCE: 'createdAt',
    UNTIL: 'expiresAt',
    'LAST USED': ({ lastUsedAt }) => (lastUsedAt === null ? 'never' : day(lastUsedAt)),
  },
  json: ['uid', 'name', 'createdAt', 'expiresAt', 'lastUsedAt'],
  none: 'This app has no secret.',
})

export const retire = endCommand({
  what: 'The secret',
  argument: { value: 'UID', description: 'The secret, as `behalf secret list` shows it.' },
  example: 'secret retire UID',
  end: (uid, site) => endSecret(uid, undefined, operatorActor, site),
  nameOf: ({ name, app, appUid }) => `"${name}" of the app "${app?.name ?? appUid}"`,
})
