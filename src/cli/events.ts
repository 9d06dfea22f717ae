import { EVENT_TYPES } from '../domain/audit/event-types.ts'
import { nearest } from '../kit/nearest.ts'
import { snakeCase } from '../kit/snake-case.ts'
import { usageFailure } from './kit/exit.ts'
import { listCommand } from './kit/list-command.ts'
import { moment } from './kit/table.ts'

const MAX_EVENTS = 1000
const DEFAULT_LIMIT = '50'
const TYPES = Object.keys(EVENT_TYPES)
const WIDTH = Math.max(...TYPES.map(({ length }) => length))

export const events = listCommand({
  of: 'events',
  options: {
    business: { value: 'UID', description: 'Only events of this business.' },
    app: { value: 'UID', description: 'Only events of this app.' },
    type: { value: 'TYPE', description: 'Only events of this type, such as token.issued.' },
    reference: { value: 'REFERENCE', description: 'Only events of the request with this reference.' },
    limit: { value: 'NUMBER', description: `How many events. Default: ${DEFAULT_LIMIT}. At most ${MAX_EVENTS}.` },
  },
  more: [
    'Who did what to what, for which business and app, with what result. --json shows all fields. The types:',
    '',
    ...Object.entries(EVENT_TYPES).map(([type, { about }]) => `  ${type.padEnd(WIDTH)}  ${about}`),
  ].join('\n'),
  examples: ['events', 'events --type code.replayed --limit 10', 'events --reference 0gsa9t9qz2y6'],
  check({ type, limit = DEFAULT_LIMIT }) {
    if (type !== undefined && !TYPES.includes(type)) {
      const near = nearest(type, TYPES)
      throw usageFailure(`There are no events of the type ${type}${near ? `; did you mean ${near}?` : '.'}`)
    }
    if (!/^[1-9]\d{0,3}$/.test(limit) || Number(limit) > MAX_EVENTS) {
      throw usageFailure(`--limit must be a whole number from 1 to ${MAX_EVENTS}.`)
    }
  },
  async rows({ business, app, type, reference, limit = DEFAULT_LIMIT }, { store }) {
    const filter = { businessUid: business, appUid: app, type, reference }
    const found = await store.events.list(filter, Number(limit))
    return found.map((event) => ({ ...event, details: event.details ? snakeCased(JSON.parse(event.details)) : null }))
  },
  columns: {
    'TIME (UTC)': ({ at }) => moment(at),
    TYPE: 'type',
    WHO: 'actor',
    SUBJECT: 'subject',
    BUSINESS: 'businessUid',
    APP: 'appUid',
    REFERENCE: 'reference',
  },
  json: [
    ...(['uid', 'type', 'at', 'actor', 'result', 'directoryUid', 'businessUid', 'appUid'] as const),
    ...(['subject', 'reference', 'details'] as const),
  ],
  none: 'There are no such events.',
})

function snakeCased(details: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(details).map(([name, value]) => [snakeCase(name), value]))
}
