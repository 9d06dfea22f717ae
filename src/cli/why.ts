import type { Disclosed } from '../http/disclosed.ts'
import type { App } from '../store/nouns/apps.ts'
import type { KeptRefusal } from '../store/nouns/refusals.ts'
import { command } from './kit/command.ts'
import { Failure } from './kit/exit.ts'
import { table } from './kit/table.ts'
import { withSite } from './kit/with-site.ts'

export default command({
  options: {},
  argument: {
    value: 'REFERENCE',
    sentence: 'What stands as "reference" in a JSON error, on an error page, or at the end of an error_description.',
    required: true,
  },
  more: 'Secrets, codes, tokens and whatever could be one were never written down: of those it tells the length.',
  examples: ['why 0gsa9t9qz2y6', 'why 0gsa9t9qz2y6 --json'],
  async run(_, around, argument) {
    const reference = argument!.trim().toLowerCase()
    const found = await withSite(around, async ({ store }) => {
      const refusal = await store.refusals.find(reference)
      return (
        refusal && { refusal, app: refusal.appUid === null ? undefined : await store.apps.findLive(refusal.appUid) }
      )
    })
    if (!found) {
      const sentence =
        'Nothing is known of this reference: it may be mistyped or older than BEHALF_REFUSAL_LIFETIME, or more came at once than is kept. The log of the server may still have it.'
      throw new Failure('missing', 'not_found', sentence, { reference })
    }
    const { refusal, app } = found
    const request = JSON.parse(refusal.request) as Disclosed[]
    const registered = app && registeredFor(refusal.field, app)
    return {
      text: tell(refusal, request, app && `${app.name} (${app.codeName}, ${app.uid})`, registered),
      json: {
        reference,
        at: refusal.at,
        method: refusal.method,
        path: refusal.path,
        status: refusal.status,
        error: refusal.code,
        parameter: refusal.field,
        sentence: refusal.message,
        check: refusal.checkName,
        fix: refusal.fix,
        app_uid: refusal.appUid,
        app_name: app?.name ?? null,
        registered: registered ?? null,
        request,
      },
    }
  },
})

/** What the app has registered of the thing that was refused. */
function registeredFor(field: string | null, { redirectUris, scopes }: App): readonly string[] | undefined {
  return field === 'redirect_uri' ? redirectUris : field === 'scope' ? scopes : undefined
}

function tell(
  refusal: KeptRefusal,
  request: readonly Disclosed[],
  app: string | undefined,
  registered: readonly string[] | undefined,
): string {
  const { at, method, path, status, code, field, message, checkName, fix, appUid } = refusal
  const time = new Date(at * 1000).toISOString().slice(0, 19).replace('T', ' ')
  const facts: [string, string | null | undefined][] = [
    ['Parameter', field],
    ['Check', checkName],
    ['App', app ?? appUid ?? 'not known'],
    ['Registered', registered?.join(' ')],
    ['To do', fix],
  ]
  const width = Math.max(...facts.flatMap(([name, value]) => (value ? [name.length] : [])))
  return [
    `${method} ${path} at ${time} UTC was answered ${status}${code === null ? '' : ` ${code}`}.`,
    '',
    message,
    '',
    ...facts.flatMap(([name, value]) => (value ? [`${name.padEnd(width)}  ${value}`] : [])),
    '',
    request.length > 0 ? 'What arrived:' : 'Nothing of it could be understood.',
    ...(request.length > 0
      ? [
          table(
            ['IN', 'NAME', 'VALUE'],
            request.map((each) => [each.in, each.name, each.value]),
            '',
          ),
        ]
      : []),
  ].join('\n')
}
