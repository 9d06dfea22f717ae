import { operatorActor } from '../domain/audit/actor.ts'
import { TOKEN_CLAIMS } from '../domain/tokens/claim-names.ts'
import { clientIdOf, endResource, registerResource } from '../domain/tokens/resource.ts'
import { splitScopes } from '../domain/tokens/scopes.ts'
import { command } from './kit/command.ts'
import { endCommand } from './kit/end-command.ts'
import { usageFailure } from './kit/exit.ts'
import { listCommand } from './kit/list-command.ts'
import { checkOneOwner } from './kit/need.ts'
import { pickJson } from './kit/pick-json.ts'
import { readAll } from './kit/read-all.ts'
import { withSite } from './kit/with-site.ts'

const FORMATS = ['opaque', 'jwt'] as const
const TYPES = ['at+jwt', 'JWT'] as const
const MEMBERS = [
  'uid',
  'identifier',
  'name',
  'directoryUid',
  'scopes',
  'tokenFormat',
  'tokenLifetime',
  'tokenClaims',
  'tokenTyp',
] as const

export const create = command({
  options: {
    directory: { value: 'UID', description: 'The directory that owns it: only apps of this directory can ask for it.' },
    internal: { flag: true, description: 'The platform owns it: every app can ask for it.' },
    identifier: {
      value: 'URI',
      required: true,
      description: 'The absolute URI that apps send, usually the URL of the API.',
    },
    name: { required: true, description: 'Its name, as people see it.' },
    scope: { value: 'SCOPE', multiple: true, description: 'A scope that it uses. Default: all scopes.' },
    'token-format': { value: 'FORMAT', description: 'opaque or jwt. Default: the format of the app.' },
    'token-lifetime': { value: 'SECONDS', description: 'How long its tokens live. Default: the lifetime of the app.' },
    'token-claim': {
      value: 'CLAIM',
      multiple: true,
      description: `What its JWT access tokens say, of ${TOKEN_CLAIMS.join(', ')}; none for nothing. Default: all if the platform owns it, otherwise none.`,
    },
    'token-typ': { value: 'TYP', description: 'The typ of its JWT access tokens: at+jwt or JWT. Default: at+jwt.' },
    'no-introspection': { flag: true, description: 'It gets no secret and cannot introspect tokens.' },
  },
  examples: [
    'resource create --internal --identifier https://api.example.com --name "Orders API" --scope clients_read',
    'resource create --directory DIRECTORY_UID --identifier https://mcp.harbour.example/mcp --name "Harbour tools" --token-format jwt',
  ],
  async run(values, around) {
    const { directory, identifier, name, scope, 'token-format': format, 'token-lifetime': lifetime } = values
    checkOneOwner(values, 'resource')
    const tokenFormat = FORMATS.find((each) => each === format)
    if (format !== undefined && tokenFormat === undefined) throw usageFailure('--token-format must be opaque or jwt.')
    const tokenTyp = TYPES.find((each) => each === values['token-typ'])
    if (values['token-typ'] !== undefined && tokenTyp === undefined)
      throw usageFailure('--token-typ must be at+jwt or JWT.')
    const claims = values['token-claim']
    const draft = {
      identifier,
      name,
      directoryUid: directory ?? null,
      ...(scope.length > 0 && { scopes: scope.flatMap(splitScopes) }),
      ...(tokenFormat !== undefined && { tokenFormat }),
      ...(lifetime !== undefined && { tokenLifetime: Number(lifetime) }),
      ...(claims.length > 0 && { tokenClaims: claims.filter((each) => each !== 'none') }),
      ...(tokenTyp !== undefined && { tokenTyp }),
      introspection: !values['no-introspection'],
    }
    const { resource, secret } = await withSite(
      around,
      (site) => registerResource(draft, operatorActor, site),
      directory === undefined,
    )
    const clientId = secret === null ? null : clientIdOf(resource)
    const text = [
      `The resource "${resource.name}" was registered: ${resource.uid}`,
      '',
      `  identifier     ${resource.identifier}`,
      `  scopes         ${resource.scopes?.join(' ') ?? 'all'}`,
    ]
    if (clientId !== null) text.push(`  client id      ${clientId}`, `  client secret  ${secret}`)
    if (clientId !== null) text.push('', 'It introspects tokens with these. The secret is shown only once.')
    return {
      text: text.join('\n'),
      json: { ...pickJson(resource, ...MEMBERS), client_id: clientId, client_secret: secret },
    }
  },
})

export const list = listCommand({
  of: 'resources',
  options: { directory: { value: 'UID', description: 'Only the resources of this directory.' } },
  examples: ['resource list', 'resource list --directory DIRECTORY_UID'],
  async rows({ directory }, { store }) {
    const all = await readAll((limit, after) => store.resources.list(directory, limit, after))
    return all.map((each) => ({ ...each, introspection: each.secretDigest !== null }))
  },
  columns: {
    UID: 'uid',
    IDENTIFIER: 'identifier',
    NAME: 'name',
    DIRECTORY: ({ directoryUid }) => directoryUid ?? 'internal',
    KIND: ({ introspection }) => (introspection ? 'introspects' : ''),
    SINCE: 'createdAt',
  },
  json: [...MEMBERS, 'introspection', 'createdAt'],
  none: 'There are no resources yet.',
})

export const end = endCommand({
  what: 'The resource',
  argument: { value: 'UID', description: 'The resource.' },
  example: 'resource end UID',
  end: (uid, site) => endResource(uid, operatorActor, site),
})
