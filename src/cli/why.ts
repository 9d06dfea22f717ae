import { databaseName } from '../config/database-name.ts'
import type { Disclosed } from '../http/disclosed.ts'
import type { App } from '../store/nouns/apps.ts'
import type { KeptRefusal } from '../store/nouns/refusals.ts'
import { command } from './kit/command.ts'
import { notFound } from './kit/exit.ts'
import { pickJson } from './kit/pick-json.ts'
import { moment, table } from './kit/table.ts'
import { withSite } from './kit/with-site.ts'

export const why = command({
  options: {},
  argument: {
    value: 'REFERENCE',
    description:
      'The "reference" of a JSON error, or the reference on an error page or at the end of an error_description.',
    required: true,
  },
  more: 'Secrets, codes, tokens and values that could be one are never stored: the command shows their length only.',
  examples: ['why 0gsa9t9qz2y6', 'why 0gsa9t9qz2y6 --json'],
  async run(_, around, argument) {
    const reference = argument!.trim().toLowerCase()
    const { refusal, app } = await withSite(around, async ({ store, config }) => {
      const refusal = await store.refusals.find(reference)
      if (refusal)
        return { refusal, app: refusal.appUid === null ? undefined : await store.apps.findLive(refusal.appUid) }
      const database = databaseName(config.databaseUrl)
      const message = `No refusal with this reference is stored in ${database}: the reference may be mistyped, of another server, older than BEHALF_REFUSAL_LIFETIME, or dropped because there were too many. The log of the server may still have it.`
      throw notFound(message, { reference, database })
    })
    const request = JSON.parse(refusal.request) as Disclosed[]
    const registered = app && registeredFor(refusal.field, app)
    return {
      text: textOf(refusal, request, app, registered),
      json: {
        ...pickJson(refusal, 'reference', 'at', 'method', 'path', 'status', 'message', 'fix', 'appUid'),
        error: refusal.code,
        parameter: refusal.field,
        check: refusal.checkName,
        app_name: app?.name ?? null,
        registered: registered ?? null,
        request,
      },
    }
  },
})

/** The values that the app has registered for the parameter that was refused. */
function registeredFor(field: string | null, { redirectUris, scopes }: App): readonly string[] | undefined {
  return field === 'redirect_uri' ? redirectUris : field === 'scope' ? scopes : undefined
}

/** Whether a part of the request names an app. Requests to the management API and pages name none. */
const namesApp = ({ name, value }: Disclosed) => name === 'client_id' || value.startsWith('Basic ')

function textOf(
  { at, method, path, status, code, field, message, checkName, fix, appUid }: KeptRefusal,
  request: readonly Disclosed[],
  app: App | undefined,
  registered: readonly string[] | undefined,
): string {
  const rows: [string, string | null | undefined][] = [
    ['Parameter', field],
    ['Check', checkName],
    [
      'App',
      app ? `${app.name} (${app.codeName}, ${app.uid})` : (appUid ?? (request.some(namesApp) ? 'unknown' : null)),
    ],
    ['Registered', registered?.join(' ')],
    ['To do', fix],
  ]
  const shown = rows.filter(([, value]) => value)
  const width = Math.max(...shown.map(([name]) => name.length))
  const received = request.map((each) => [each.in, each.name, each.value])
  return [
    `${method} ${path} at ${moment(at)} UTC was answered with ${status}${code === null ? '' : ` ${code}`}.`,
    '',
    message,
    '',
    ...shown.map(([name, value]) => `${name.padEnd(width)}  ${value}`),
    '',
    ...(received.length > 0
      ? ['The request:', table(['IN', 'NAME', 'VALUE'], received, '')]
      : ['The request could not be read.']),
  ].join('\n')
}
