import { operatorActor } from '../../domain/audit/actor.ts'
import { checkDirectory } from '../kit/check-directory.ts'
import { command } from '../kit/command.ts'
import { Failure } from '../kit/exit.ts'
import { withSite } from '../kit/with-site.ts'
import { appJson, createOptions, readOptions, withOptionNames } from './setting-options.ts'

export default command({
  options: {
    directory: { type: 'string', value: 'UID', sentence: 'The directory that owns it.' },
    internal: { type: 'boolean', sentence: "The app is the platform's own, for the businesses of every directory." },
    ...(createOptions as Record<never, never>),
    name: { type: 'string', required: true, sentence: 'Its name, as people will read it.' },
    'redirect-uri': {
      type: 'string',
      value: 'URI',
      required: true,
      multiple: true,
      sentence: 'Where people are sent back to; the first is where they are sent when the app names none.',
    },
  },
  examples: [
    'app create --directory k3v9x0c2m5q8r1tz --name "Tidy Books" --redirect-uri https://books.example/callback',
    'app create --internal --name "Front Desk" --redirect-uri https://desk.example/cb --trusted --scope openid --scope clients_read',
  ],
  async run({ directory, internal, ...values }, around) {
    if (internal === (directory !== undefined)) {
      throw new Failure('usage', 'usage', 'Say whose app it is: either --directory UID or --internal.')
    }
    const { registerApp } = await import('../../domain/apps/app.ts')
    const { app, secret } = await withSite(around, async (site) => {
      await checkDirectory(directory, site)
      const draft = { ...readOptions(values), directoryUid: directory }
      return withOptionNames(() => registerApp(draft, operatorActor, site))
    })
    return {
      text: [
        `The app "${app.name}" was registered: ${app.codeName}`,
        '',
        `  client id      ${app.clientId}`,
        `  client secret  ${secret ?? 'none, because it can keep none: it has to use PKCE'}`,
        `  redirect URIs  ${app.redirectUris.join('\n                 ')}`,
        `  scopes         ${app.scopes.join(' ')}`,
        ...(secret === null ? [] : ['', 'The secret is shown this once. Keep it where the app keeps its passwords.']),
      ].join('\n'),
      json: { ...appJson(app), ...(secret === null ? {} : { client_secret: secret }) },
    }
  },
})
