import { operatorActor } from '../../domain/audit/actor.ts'
import { command } from '../kit/command.ts'
import { Failure } from '../kit/exit.ts'
import { needApp } from '../kit/need-app.ts'
import { day } from '../kit/table.ts'
import { withSite } from '../kit/with-site.ts'

export default command({
  options: {
    app: { type: 'string', value: 'APP', required: true, sentence: 'The app: its uid or its code name.' },
    name: { type: 'string', required: true, sentence: 'What it is for, so that it can be told from others.' },
    'expires-in': { type: 'string', value: 'SECONDS', sentence: 'How long it is good; for ever when left out.' },
  },
  more: 'The other secrets stay good: give this one to every copy of the app, then retire the old one.',
  examples: [
    'secret create --app tidybooks --name "2027"',
    'secret create --app tidybooks --name trial --expires-in 86400',
  ],
  async run({ app: given, name, 'expires-in': lifetime }, around) {
    if (lifetime !== undefined && !/^\d{1,10}$/.test(lifetime)) {
      throw new Failure('usage', 'usage', '--expires-in must be a number of seconds.')
    }
    const { addSecret } = await import('../../domain/apps/app-secrets.ts')
    const expiresIn = lifetime === undefined ? undefined : Number(lifetime)
    const { app, secret, row } = await withSite(around, async (site) => {
      const found = await needApp(given, site)
      return {
        app: found,
        ...(await addSecret(found, { name, expiresIn }, operatorActor, site)),
      }
    })
    return {
      text: [
        `The app "${app.name}" has another secret, "${row.name}": ${row.uid}`,
        '',
        `  client id      ${app.clientId}`,
        `  client secret  ${secret}`,
        '',
        `It is shown this once${row.expiresAt === null ? '' : `, and is good until ${day(row.expiresAt)}`}. The others stay good; end one with:`,
        '  behalf secret retire UID',
      ].join('\n'),
      json: {
        uid: row.uid,
        app_uid: app.uid,
        client_id: app.clientId,
        client_secret: secret,
        name: row.name,
        created_at: row.createdAt,
        expires_at: row.expiresAt,
      },
    }
  },
})
