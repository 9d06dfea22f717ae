import { html } from 'hono/html'
import type { App } from '../store/nouns/apps.ts'
import { newTab } from './new-tab.ts'
import type { Markup } from './page.ts'
import type { PageContext } from './page-context.ts'

/** The members that hold each link, for apps that register themselves (RFC 7591 §2) and for apps of partners. */
const LINKS = { 'consent.privacy': ['policy_uri', 'privacy_policy_link'], 'consent.terms': ['tos_uri'] } as const

/**
 * Links to the app's privacy policy and terms, shown on the sign-in page and in the permission dialog (OpenID Connect Registration §2).
 * They open in a new tab, so that the person keeps this page, and send no referrer.
 */
export function appLinks({ listing }: App, { t, language }: PageContext): Markup | '' {
  const found = Object.entries(LINKS).flatMap(([word, names]) => {
    const href = names.flatMap((name) => [listing[`${name}#${language}`], listing[name]]).find(isLink)
    return href === undefined ? [] : [{ href, name: t(word as keyof typeof LINKS) }]
  })
  if (found.length === 0) return ''
  const links = found.map(
    ({ href, name }, index) =>
      html`${index > 0 ? ' · ' : ''}<a href="${href}" target="_blank" rel="noopener noreferrer nofollow">${name} ${newTab(t)}</a>`,
  )
  return html`<p class="small" id="app-links">${links}</p>`
}

function isLink(value: unknown): value is string {
  return typeof value === 'string' && /^https?:\/\//i.test(value)
}
