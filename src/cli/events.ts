import { EVENT_TYPES } from '../domain/audit/events.ts'
import { command } from './kit/command.ts'
import { Failure } from './kit/exit.ts'
import { table } from './kit/table.ts'
import { withSite } from './kit/with-site.ts'

const MOST = 1000
const WIDEST = Math.max(...Object.keys(EVENT_TYPES).map(({ length }) => length))

export default command({
  options: {
    business: { type: 'string', value: 'UID', sentence: 'Only what concerns this business.' },
    app: { type: 'string', value: 'UID', sentence: 'Only what concerns this app.' },
    type: { type: 'string', value: 'TYPE', sentence: 'Only events of this type, such as token.issued.' },
    reference: {
      type: 'string',
      value: 'REFERENCE',
      sentence: 'Only what was done in the request with this reference.',
    },
    limit: {
      type: 'string',
      value: 'NUMBER',
      sentence: `How many, the newest first: 50 unless told, ${MOST} at most.`,
    },
  },
  more: [
    'Who did what to what, for which business and app, with what result. With --json it says everything. The types:',
    '',
    ...Object.entries(EVENT_TYPES).map(([type, sentence]) => `  ${type.padEnd(WIDEST)}  ${sentence}`),
  ].join('\n'),
  examples: ['events', 'events --type code.replayed --limit 10', 'events --reference 0gsa9t9qz2y6'],
  async run({ business, app, type, reference, limit = '50' }, around) {
    if (type !== undefined && !Object.hasOwn(EVENT_TYPES, type)) {
      const { nearest } = await import('../kit/nearest.ts')
      const near = nearest(type, Object.keys(EVENT_TYPES))
      throw new Failure(
        'usage',
        'usage',
        `There are no events of the type ${type}${near ? `; did you mean ${near}?` : '.'}`,
      )
    }
    if (!/^[1-9]\d{0,3}$/.test(limit) || Number(limit) > MOST) {
      throw new Failure('usage', 'usage', `--limit must be a whole number from 1 to ${MOST}.`)
    }
    const filter = { businessUid: business, appUid: app, type, reference }
    const events = await withSite(around, ({ store }) => store.events.list(filter, Number(limit)))
    const rows = events.map((event) => [
      new Date(event.at * 1000).toISOString().slice(0, 19).replace('T', ' '),
      event.type,
      event.actor,
      event.subject ?? '',
      event.businessUid ?? '',
      event.appUid ?? '',
      event.reference ?? '',
    ])
    return {
      text: table(
        ['TIME (UTC)', 'TYPE', 'WHO', 'SUBJECT', 'BUSINESS', 'APP', 'REFERENCE'],
        rows,
        'Nothing of the kind has happened.',
      ),
      json: {
        events: events.map((event) => ({
          uid: event.uid,
          type: event.type,
          at: event.at,
          actor: event.actor,
          result: event.result,
          directory_uid: event.directoryUid ?? null,
          business_uid: event.businessUid ?? null,
          app_uid: event.appUid ?? null,
          subject: event.subject ?? null,
          reference: event.reference ?? null,
          details: event.details ? snakeCased(JSON.parse(event.details)) : null,
        })),
      },
    }
  },
})

/** What an event keeps under our own names, under those that the rest of the answer has. */
function snakeCased(details: Record<string, unknown>): Record<string, unknown> {
  const renamed = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  return Object.fromEntries(Object.entries(details).map(([name, value]) => [renamed(name), value]))
}
