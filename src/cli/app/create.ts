import { operatorActor } from '../../domain/audit/actor.ts'
import { checkDirectory } from '../kit/check-directory.ts'
import { command } from '../kit/command.ts'
import { Failure } from '../kit/exit.ts'
import { withSite } from '../kit/with-site.ts'

export default command({
  options: {
    directory: { type: 'string', value: 'UID', sentence: 'The directory that owns it.' },
    internal: { type: 'boolean', sentence: "The app is the platform's own, for the businesses of every directory." },
    name: { type: 'string', required: true, sentence: 'Its name, as people will read it.' },
    'redirect-uri': {
      type: 'string',
      value: 'URI',
      required: true,
      multiple: true,
      sentence: 'Where people are sent back to; the first is where they are sent when the app names none.',
    },
    'code-name': { type: 'string', sentence: 'Letters and digits; made from the name when left out.' },
    scope: { type: 'string', value: 'SCOPE', multiple: true, sentence: 'A scope it may ask for.' },
    trusted: { type: 'boolean', sentence: 'People are not asked for permission.' },
    public: {
      type: 'boolean',
      sentence: 'It can keep no secret (a mobile or browser app): it gets none, and needs PKCE.',
    },
  },
  examples: [
    'app create --directory k3v9x0c2m5q8r1tz --name "Tidy Books" --redirect-uri https://books.example/callback',
    'app create --internal --name "Front Desk" --redirect-uri https://desk.example/cb --trusted --scope openid --scope clients_read',
  ],
  async run(values, around) {
    const { directory, internal, name, scope, trusted } = values
    if (internal === (directory !== undefined)) {
      throw new Failure('usage', 'usage', 'Say whose app it is: either --directory UID or --internal.')
    }
    const { registerApp } = await import('../../domain/apps/app.ts')
    const [redirectUri, ...furtherRedirectUris] = values['redirect-uri']
    const draft = {
      name,
      redirectUri,
      furtherRedirectUris,
      trusted,
      public: values.public,
      directoryUid: directory ?? null,
      ...(scope.length > 0 && { scopes: scope.flatMap((each) => each.split(' ')) }),
      ...(values['code-name'] !== undefined && { codeName: values['code-name'] }),
    }
    const { app, secret } = await withSite(around, async (site) => {
      await checkDirectory(directory, site)
      return registerApp(draft, operatorActor, site)
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
      json: {
        uid: app.uid,
        app_code_name: app.codeName,
        client_id: app.clientId,
        ...(secret === null ? {} : { client_secret: secret }),
        directory_uid: app.directoryUid,
        name: app.name,
        redirect_uris: app.redirectUris,
        scopes: app.scopes,
        trusted: app.trusted,
        public: app.public,
      },
    }
  },
})
