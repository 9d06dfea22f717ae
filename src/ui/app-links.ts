import { html } from 'hono/html'
import type { App } from '../store/nouns/apps.ts'
import type { Markup } from './layout.ts'
import type { PageContext } from './page-context.ts'

/** The members that hold each link: as apps register themselves (RFC 7591 §2), and as the platform's partners do. */
const LINKS = {
  'consent.privacy': ['policy_uri', 'privacy_policy_link'],
  'consent.terms': ['tos_uri'],
} as const

/**
 * What the app says of its handling of data and of its terms, to be read before a person signs in for it, and before the answer (OpenID
 * Connect Registration §2). It opens beside the page, which therefore stays where it is, and learns nothing of it.
 */
export function appLinks({ listing }: App, { t, language }: PageContext): Markup | '' {
  const found = Object.entries(LINKS).flatMap(([word, names]) => {
    const href = names.flatMap((name) => [listing[`${name}#${language}`], listing[name]]).find(isLink)
    return href === undefined ? [] : [{ href, name: t(word as keyof typeof LINKS) }]
  })
  if (found.length === 0) return ''
  const links = found.map(
    ({ href, name }, index) =>
      html`${index > 0 ? ' · ' : ''}<a href="${href}" target="_blank" rel="noopener noreferrer nofollow">${name}</a>`,
  )
  return html`<p class="small" id="app-links">${links}</p>`
}

function isLink(value: unknown): value is string {
  return typeof value === 'string' && /^https?:\/\//i.test(value)
}
