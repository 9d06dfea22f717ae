import { operatorActor } from '../../domain/audit/actor.ts'
import { checkDirectory } from '../kit/check-directory.ts'
import { command } from '../kit/command.ts'
import { Failure } from '../kit/exit.ts'
import { withSite } from '../kit/with-site.ts'

const FORMATS = ['opaque', 'jwt'] as const

export default command({
  options: {
    directory: { type: 'string', value: 'UID', sentence: 'The directory that owns it: its apps alone may ask for it.' },
    internal: { type: 'boolean', sentence: "It is the platform's own: every app may ask for it." },
    identifier: {
      type: 'string',
      value: 'URI',
      required: true,
      sentence: 'The absolute URI that apps name it by, letter for letter.',
    },
    name: { type: 'string', required: true, sentence: 'Its name, as people will read it.' },
    scope: { type: 'string', value: 'SCOPE', multiple: true, sentence: 'A scope it has a use for; all when left out.' },
    'token-format': { type: 'string', value: 'FORMAT', sentence: 'opaque or jwt; what the app has when left out.' },
    'token-lifetime': { type: 'string', value: 'SECONDS', sentence: 'How long its tokens live; as the app has it.' },
    'no-introspection': { type: 'boolean', sentence: 'It gets no secret, and cannot ask about tokens.' },
  },
  examples: [
    'resource create --internal --identifier https://api.example.com --name "Orders API" --scope clients_read',
    'resource create --directory k3v9x0c2m5q8r1tz --identifier https://mcp.harbour.example/mcp --name "Harbour tools" --token-format jwt',
  ],
  async run(values, around) {
    const { directory, internal, identifier, name, scope } = values
    const [format, lifetime] = [values['token-format'], values['token-lifetime']]
    if (internal === (directory !== undefined)) {
      throw new Failure('usage', 'usage', 'Say whose resource it is: either --directory UID or --internal.')
    }
    const tokenFormat = FORMATS.find((each) => each === format)
    if (format !== undefined && tokenFormat === undefined) {
      throw new Failure('usage', 'usage', '--token-format must be opaque or jwt.')
    }
    const { registerResource, clientIdOf } = await import('../../domain/tokens/resource.ts')
    const draft = {
      identifier,
      name,
      directoryUid: directory ?? null,
      ...(scope.length > 0 && { scopes: scope.flatMap((each) => each.split(' ')) }),
      ...(tokenFormat !== undefined && { tokenFormat }),
      ...(lifetime !== undefined && { tokenLifetime: Number(lifetime) }),
      introspection: !values['no-introspection'],
    }
    const { resource, secret } = await withSite(around, async (site) => {
      await checkDirectory(directory, site)
      return registerResource(draft, operatorActor, site)
    })
    const clientId = secret === null ? null : clientIdOf(resource)
    return {
      text: [
        `The resource "${resource.name}" was registered: ${resource.uid}`,
        '',
        `  identifier     ${resource.identifier}`,
        `  scopes         ${resource.scopes?.join(' ') ?? 'all'}`,
        ...(clientId === null
          ? []
          : [
              `  client id      ${clientId}`,
              `  client secret  ${secret}`,
              '',
              'With these it asks about tokens. The secret is shown this once.',
            ]),
      ].join('\n'),
      json: {
        uid: resource.uid,
        identifier: resource.identifier,
        name: resource.name,
        directory_uid: resource.directoryUid,
        scopes: resource.scopes,
        token_format: resource.tokenFormat,
        token_lifetime: resource.tokenLifetime,
        client_id: clientId,
        client_secret: secret,
      },
    }
  },
})
