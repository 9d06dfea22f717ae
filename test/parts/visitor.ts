import assert from 'node:assert/strict'
import type { TestSite } from './test-site.ts'

/** A form on a page, with the fields a browser would send if nothing were filled in. */
export interface Form {
  /** The path that it is posted to, and its query. */
  action: string
  query: string
  fields: Record<string, string>
}

/** Where a visitor is: on a page of ours, or at another address. */
export interface Place {
  /** The URL of the page. */
  url: string
  status: number
  html: string
  headers: Headers
  /** The URL that the browser was sent to, if it is not ours. A page of ours may open it. */
  away: URL | undefined
  forms: Form[]
}

/** A browser without JavaScript: keeps cookies, follows redirects inside our server, fills in forms. */
export interface Visitor {
  cookies: Map<string, string>
  place: Place
  open(path: string, init?: RequestInit): Promise<Place>
  /** Submits the form that has all these fields (or the first). */
  submit(fields: Record<string, string>, formOf?: (form: Form) => boolean): Promise<Place>
  signIn(email: string, password: string): Promise<Place>
  chooseBusiness(uid: string): Promise<Place>
  allow(): Promise<Place>
  deny(): Promise<Place>
  /** The parameters that the app got in the query. */
  answer(): Record<string, string>
}

export function visit(test: Pick<TestSite, 'fetch' | 'origin'>): Visitor {
  const cookies = new Map<string, string>()

  const ask = async (path: string, init: RequestInit = {}): Promise<Place> => {
    const headers = new Headers(init.headers)
    if (cookies.size > 0) headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '))
    const response = await test.fetch(path, { ...init, headers })
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      const name = pair.slice(0, pair.indexOf('='))
      if (/Max-Age=0/i.test(line)) cookies.delete(name)
      else cookies.set(name, pair.slice(name.length + 1))
    }
    const location = response.headers.get('location')
    const url = new URL(path.startsWith('http') ? path : test.origin + path)
    if (location !== null && response.status >= 300 && response.status < 400) {
      const next = new URL(location, url)
      if (next.origin === test.origin) return ask(next.pathname + next.search)
      return { url: url.href, status: response.status, html: '', headers: response.headers, away: next, forms: [] }
    }
    const html = await response.text()
    return {
      url: url.href,
      status: response.status,
      html,
      headers: response.headers,
      away: readOpenedApp(html),
      forms: readForms(html),
    }
  }

  const visitor: Visitor = {
    cookies,
    place: { url: '', status: 0, html: '', headers: new Headers(), away: undefined, forms: [] },
    async open(path, init) {
      visitor.place = await ask(path, init)
      return visitor.place
    },
    async submit(fields, formOf = () => true) {
      const form = visitor.place.forms.find(formOf)
      assert.ok(form, `no such form at ${visitor.place.url}: ${visitor.place.html.slice(0, 2000)}`)
      const base = new URL(visitor.place.url)
      const target = new URL(form.action ? form.action + form.query : base, base)
      visitor.place = await ask(target.pathname + target.search, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
        body: new URLSearchParams({ ...form.fields, ...fields }).toString(),
      })
      return visitor.place
    },
    signIn: (email, password) => visitor.submit({ email, password }, (form) => 'password' in form.fields),
    chooseBusiness: (uid) => visitor.submit({ business: uid }, (form) => 'business' in form.fields),
    allow: () => visitor.submit({ decision: 'allow' }, (form) => form.action.includes('/oauth/consent')),
    deny: () => visitor.submit({ decision: 'deny' }, (form) => form.action.includes('/oauth/consent')),
    answer() {
      assert.ok(
        visitor.place.away,
        `still at ${visitor.place.url} (${visitor.place.status}): ${text(visitor.place.html)}`,
      )
      return Object.fromEntries(visitor.place.away.searchParams)
    },
  }
  return visitor
}

/** The address of the native app that a page opens. */
function readOpenedApp(html: string): URL | undefined {
  const [, tag] = /<a\b([^>]*\bid="open-app"[^>]*)>/.exec(html) ?? []
  return tag === undefined ? undefined : new URL(attribute(tag, 'href')!)
}

function readForms(html: string): Form[] {
  return [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)].map(([, head = '', body = '']) => {
    const fields: Record<string, string> = {}
    for (const [, tag = ''] of body.matchAll(/<input\b([^>]*)>/g)) {
      const name = attribute(tag, 'name')
      if (!name) continue
      if (/type="?(radio|checkbox)/.test(tag) && !/\bchecked\b/.test(tag)) fields[name] ??= ''
      else fields[name] = attribute(tag, 'value') ?? ''
    }
    const target = attribute(head, 'action') ?? ''
    // Only our own addresses: a redirect URI is compared whole.
    const [, action = '', query = ''] = /^(\/[^?]*)(.*)$/.exec(target) ?? ['', target]
    return { action, query, fields }
  })
}

function attribute(tag: string, name: string): string | undefined {
  const found = new RegExp(`\\b${name}="([^"]*)"`).exec(tag)
  return found?.[1]
    ?.replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}

/** The text of a page without its markup. */
export function text(html: string): string {
  return html
    .replaceAll(/<(style|script|title)\b[\s\S]*?<\/\1>/g, '')
    .replaceAll(/<\/?bdi\b[^>]*>/g, '')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
}
