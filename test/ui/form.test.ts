import assert from 'node:assert/strict'
import { test } from 'node:test'
import { html } from 'hono/html'
import { EarlyAnswer } from '../../src/http/early-answer.ts'
import { Incoming } from '../../src/http/incoming.ts'
import { messageOf } from '../../src/http/message.ts'
import { asResponse, seeOther } from '../../src/http/reply.ts'
import { field, problemBox } from '../../src/ui/field.ts'
import { type Form, form, formPurpose, openForm } from '../../src/ui/form.ts'
import { page } from '../../src/ui/page.ts'
import { openSignedInVisit, openVisit } from '../../src/ui/visit.ts'
import { testSite } from '../parts/test-site.ts'

const noteForm: Form = { action: '/notes', purpose: 'note', about: 'note' }
const { site } = await testSite()
const ask = (init: RequestInit = {}) =>
  new Incoming(messageOf(new Request('http://localhost/notes', init)), {
    addressOf: () => '127.0.0.1',
    bodyLimit: 10_000,
    path: {},
  })

/** Shows the form to a browser. Returns its cookie and the fields it would send. */
async function show(about: string | undefined) {
  const visit = await openVisit(ask(), site)
  const shown = form(noteForm, visit, { about, class: 'fields' }, html`${field('text', 'Text', { required: true })}`)
  const response = asResponse(page(visit, { title: 'Note' }, html`${shown}`))
  const [cookie = ''] = response.headers.getSetCookie()[0]!.split(';')
  const fields = [...(await response.text()).matchAll(/<input[^>]*name="(\w+)"[^>]*?(?: value="([^"]*)")?>/g)]
  return { cookie, fields: Object.fromEntries(fields.map(([, name, value = '']) => [name!, value])) }
}

function send(cookie: string, fields: Record<string, string>) {
  const headers = { cookie, 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' }
  const incoming = ask({ method: 'POST', headers, body: new URLSearchParams(fields) })
  return openForm(noteForm, incoming, site, () => openVisit(incoming, site))
}

test('the declaration that writes a form also reads it', async () => {
  for (const about of ['n1', undefined]) {
    const { cookie, fields } = await show(about)
    assert.deepEqual(Object.keys(fields), about ? ['csrf', 'note', 'text'] : ['csrf', 'text'])
    const read = await send(cookie, { ...fields, text: 'Hello' })
    assert.equal(read.fields.get('text'), 'Hello')
  }
})

test('a form is accepted only for the purpose and in the browser it was shown to', async () => {
  const { cookie, fields } = await show('n1')
  const other = await show('n2')
  const { note, ...without } = fields
  for (const [from, sent] of [
    [cookie, { ...fields, note: 'n2' }],
    [cookie, without],
    [cookie, { ...fields, csrf: other.fields.csrf! }],
    [other.cookie, fields],
    ['', fields],
  ] as const)
    await assert.rejects(send(from, sent), { status: 403 }, JSON.stringify([note, from, sent]))
})

test('a visit that ends elsewhere is answered before the token is checked', async () => {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const incoming = ask({ method: 'POST', headers, body: 'note=n1' })
  const elsewhere = new EarlyAnswer(seeOther('/login'))
  const opening = openForm(noteForm, incoming, site, async (about) => {
    assert.equal(about, 'n1')
    throw elsewhere
  })
  await assert.rejects(opening, (thrown) => thrown === elsewhere)
})

test('a page for signed-in people redirects everyone else to the sign-in page', async () => {
  await assert.rejects(openSignedInVisit(ask(), site), (thrown) => {
    assert.ok(thrown instanceof EarlyAnswer)
    assert.deepEqual([thrown.answer.status, thrown.answer.headers.location], [303, '/login'])
    return true
  })
})

test('the content of a dialog is part of its purpose, and values are escaped', () => {
  assert.equal(formPurpose(noteForm, 'n1', ['a', 'b']), 'note n1 a b')
  assert.equal(formPurpose(noteForm, undefined), 'note')
  const evil = '"><b>'
  const markup =
    String(field('text', evil, { value: evil, disabled: false, title: undefined })) + String(problemBox(evil))
  assert.ok(!markup.includes('<b>') && !markup.includes('disabled') && !markup.includes('title'), markup)
  assert.equal(problemBox(undefined), '')
})
