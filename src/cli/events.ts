import { EVENT_TYPES } from '../domain/audit/event-types.ts'
import { orderedUidAt } from '../kit/id.ts'
import { nearest } from '../kit/nearest.ts'
import { snakeCase } from '../kit/snake-case.ts'
import { usageFailure } from './kit/exit.ts'
import { listCommand } from './kit/list-command.ts'
import { readMoment } from './kit/read-moment.ts'
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
    since: { value: 'TIME', description: 'Only events since this time: 2026-11-29, 2026-11-29T08:30, or 2h, 3d ago.' },
    until: { value: 'TIME', description: 'Only events before this time.' },
    before: {
      value: 'UID',
      description: 'Only events before this one: the next page, from the uid that the last page names.',
    },
    limit: { value: 'NUMBER', description: `How many events. Default: ${DEFAULT_LIMIT}. At most ${MAX_EVENTS}.` },
  },
  more: [
    'Who did what to what, for which business and app, with what result. --json shows all fields. The types:',
    '',
    ...Object.entries(EVENT_TYPES).map(([type, { about }]) => `  ${type.padEnd(WIDTH)}  ${about}`),
  ].join('\n'),
  examples: [
    'events',
    'events --type code.replayed --limit 10',
    'events --since 2d --until 2026-11-29T08:30',
    'events --reference 0gsa9t9qz2y6',
  ],
  check({ type, since, until, before, limit = DEFAULT_LIMIT }) {
    for (const [name, text] of Object.entries({ since, until })) {
      if (text !== undefined && readMoment(text, 0) === undefined)
        throw usageFailure(`--${name} must be a time such as 2026-11-29, 2026-11-29T08:30, 45m, 2h or 3d.`)
    }
    if (before !== undefined && !/^[\da-f]{25}$/.test(before))
      throw usageFailure('--before must be the uid of an event.')
    if (type !== undefined && !TYPES.includes(type)) {
      const near = nearest(type, TYPES)
      throw usageFailure(`There are no events of the type ${type}${near ? `; did you mean ${near}?` : '.'}`)
    }
    if (!/^[1-9]\d{0,3}$/.test(limit) || Number(limit) > MAX_EVENTS) {
      throw usageFailure(`--limit must be a whole number from 1 to ${MAX_EVENTS}.`)
    }
  },
  async rows({ business, app, type, reference, since, until, before, limit = DEFAULT_LIMIT }, { store, clock }) {
    const boundary = (text: string) => orderedUidAt(readMoment(text, clock.now())!)
    const ends = [before, until === undefined ? undefined : boundary(until)].filter((each) => each !== undefined).sort()
    const after = since === undefined ? undefined : boundary(since)
    const filter = { businessUid: business, appUid: app, type, reference, before: ends[0], after }
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
  next: (rows, { limit = DEFAULT_LIMIT }) => (rows.length === Number(limit) ? rows.at(-1)!.uid : undefined),
  none: 'There are no such events.',
})

function snakeCased(details: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(details).map(([name, value]) => [snakeCase(name), value]))
}
