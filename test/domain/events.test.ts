import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { eventsPage } from '../../scripts/docs/events-page.ts'
import { operatorActor } from '../../src/domain/audit/actor.ts'
import { EVENT_TYPES } from '../../src/domain/audit/event-types.ts'
import { newEvent } from '../../src/domain/audit/new-event.ts'

test('docs/events.md contains what the table of events says', () => {
  const page = readFileSync(new URL('../../docs/events.md', import.meta.url), 'utf8')
  assert.ok(page === eventsPage(), 'docs/events.md is stale: run `npm run docs`')
})

test('every row names columns of an event and known kinds of details', () => {
  const faults = Object.entries(EVENT_TYPES).flatMap(([type, { columns, details }]) => [
    ...columns.split(' ').filter((each) => !/^((directory|business|app)Uid\??|subject\??:[a-z]+)$/.test(each)),
    ...details.split(' ').filter((each) => each && !/^[a-z]+([A-Z][a-z]+)*\??(:(number|flag|list))?$/.test(each)),
    ...(/^[A-Z].*\.$/.test(EVENT_TYPES[type as keyof typeof EVENT_TYPES].about) ? [] : [type]),
  ])
  assert.deepEqual(faults, [])
})

test('an event with a missing or a wrong field does not compile', () => {
  const make = () => {
    // @ts-expect-error: `subject` is missing
    newEvent('person.ended', 0, operatorActor, {})
    // @ts-expect-error: no `businessUid`, even from a variable
    newEvent('person.ended', 0, operatorActor, fields)
    // @ts-expect-error: the details are missing
    newEvent('person.changed', 0, operatorActor, { subject: 'a' })
    // @ts-expect-error: `changed` is a list
    newEvent('person.changed', 0, operatorActor, { subject: 'a', details: { changed: 'name' } })
    // @ts-expect-error: no `hosts`
    newEvent('person.changed', 0, operatorActor, { subject: 'a', details })
    // @ts-expect-error: no such type
    newEvent('person.sneezed', 0, operatorActor, {})
    newEvent('logout.done', 0, operatorActor, { subject: 'a' })
    newEvent('token.issued', 0, operatorActor, { appUid: 'a' })
  }
  const fields = { subject: 'a', businessUid: 'b' }
  const details = { changed: ['name'], hosts: ['a.example'] }
  assert.equal(typeof make, 'function')
})
