import { changeApp, endApp, registerApp } from '../domain/apps/app.ts'
import { operatorActor } from '../domain/audit/actor.ts'
import type { App } from '../store/nouns/apps.ts'
import { changeOptions, createOptions, readAppOptions } from './app-options.ts'
import { command } from './kit/command.ts'
import { endCommand } from './kit/end-command.ts'
import { notFound, usageFailure } from './kit/exit.ts'
import { listCommand } from './kit/list-command.ts'
import { APP, checkOneOwner, findLiveApp, needApp } from './kit/need.ts'
import { pickJson } from './kit/pick-json.ts'
import { readAll } from './kit/read-all.ts'
import { withSite } from './kit/with-site.ts'

const MEMBERS = [
  ...(['uid', 'appCodeName', 'clientId', 'directoryUid', 'businessUid', 'name'] as const),
  ...(['redirectUris', 'scopes', 'trusted', 'public'] as const),
]

/** The app, with its code name under the name that JSON has for it. */
const shown = (app: App) => ({ ...app, appCodeName: app.codeName })
const appJson = (app: App) => pickJson(shown(app), ...MEMBERS)

export const create = command({
  options: {
    directory: { value: 'UID', description: 'The directory that owns it.' },
    internal: { flag: true, description: 'The platform owns it: businesses of every directory can connect it.' },
    ...(createOptions as Record<never, never>),
    name: { required: true, description: 'Its name, as people see it.' },
    'redirect-uri': {
      value: 'URI',
      required: true,
      multiple: true,
      description: 'Where people are sent back to; the first is used when a request names none.',
    },
  },
  examples: [
    'app create --directory DIRECTORY_UID --name "Tidy Books" --redirect-uri https://books.example/callback',
    'app create --internal --name "Front Desk" --redirect-uri https://desk.example/cb --trusted --scope openid --scope clients_read',
    'app create --internal --name "Harbour Books" --redirect-uri https://harbour.example/cb --profile standard',
  ],
  async run({ directory, internal, ...values }, around) {
    checkOneOwner({ directory, internal }, 'app')
    const { app, secret } = await withSite(
      around,
      (site) => registerApp({ ...readAppOptions(values), directoryUid: directory }, operatorActor, site),
      directory === undefined,
    )
    return {
      text: [
        `The app "${app.name}" was registered: ${app.codeName}`,
        '',
        `  client id      ${app.clientId}`,
        `  client secret  ${secret ?? 'none: the app has to use PKCE'}`,
        `  redirect URIs  ${app.redirectUris.join('\n                 ')}`,
        `  scopes         ${app.scopes.join(' ')}`,
        ...(app.protocol.profile === undefined ? [] : [`  profile        ${app.protocol.profile}`]),
        ...(secret === null ? [] : ['', 'The secret is shown only once. Store it like a password.']),
      ].join('\n'),
      json: {
        ...appJson(app),
        ...(app.protocol.profile && { profile: app.protocol.profile }),
        ...(secret !== null && { client_secret: secret }),
      },
    }
  },
})

export const change = command({
  options: changeOptions,
  argument: APP,
  more: 'Other settings stay unchanged. A list is replaced as a whole: `--scope openid --scope email` replaces all scopes.',
  examples: [
    'app change tidybooks --token-lifetime 3600 --trusted false',
    'app change tidybooks --clear token-lifetime',
  ],
  async run(values, around, given) {
    const draft = readAppOptions(values as Record<string, string | string[]>)
    if (Object.keys(draft).length === 0) throw usageFailure('Give at least one setting to change.')
    const app = await withSite(around, async (site) => {
      const { codeName } = await needApp(given!, site)
      return changeApp(codeName, draft, operatorActor, site)
    })
    if (!app) throw notFound('There is no such app.', { app: given })
    return { text: `The app "${app.name}" was changed: ${app.codeName}`, json: appJson(app) }
  },
})

export const list = listCommand({
  of: 'apps',
  options: { directory: { value: 'UID', description: 'Only the apps of this directory.' } },
  examples: ['app list', 'app list --directory DIRECTORY_UID'],
  async rows({ directory }, { store }) {
    return (await readAll((limit, after) => store.apps.list(directory, limit, after))).map(shown)
  },
  columns: {
    UID: 'uid',
    'CODE NAME': 'codeName',
    NAME: 'name',
    DIRECTORY: ({ directoryUid, origin }) => directoryUid ?? (origin === 'platform' ? 'internal' : ''),
    KIND: ({ trusted, public: isPublic, origin }) =>
      [trusted && 'trusted', isPublic && 'public', origin !== 'platform' && origin].filter(Boolean).join(' '),
    SINCE: 'createdAt',
  },
  json: [...MEMBERS, 'origin', 'createdAt'],
  none: 'There are no apps yet.',
})

export const end = endCommand({
  what: 'The app',
  argument: APP,
  example: 'app end tidybooks',
  async end(given, site) {
    const app = await findLiveApp(given, site)
    return app && endApp(app, operatorActor, site)
  },
})
