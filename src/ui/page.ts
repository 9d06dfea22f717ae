import { html, raw } from 'hono/html'
import { Answer } from '../http/reply.ts'
import { messageMarkup } from './message-markup.ts'
import { monogram } from './monogram.ts'
import { newTab } from './new-tab.ts'
import type { PageContext } from './page-context.ts'
import { styleUrl } from './style.ts'

/** Escaped markup, as `html` makes it. */
export type Markup = ReturnType<typeof html>

interface Page {
  title: string
  /** Whether a form of the page has an error. The title says so first, for people who hear it (WCAG technique G199). */
  hasProblem?: boolean
  status?: number
  headers?: Record<string, string>
  /** The URL that the browser opens at once. */
  refresh?: string
  /** The path of the script that the page runs; most pages run none. */
  script?: string
}

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  // No form-action: browsers apply it to the redirects after a form too, and the last one goes back to the app on its own host.
  'content-security-policy': policy("'none'"),
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  // Other sites never see our URLs. The <meta> of the page lets our forms send their origin to us: with no-referrer, browsers send
  // `Origin: null` (Fetch §3.2), so that only their hidden field would show that they are ours.
  'referrer-policy': 'no-referrer',
  // Apps open these pages with window.open and watch `closed`; with any other value the window looks closed at once.
  'cross-origin-opener-policy': 'unsafe-none',
  'permissions-policy': 'accelerometer=(), camera=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()',
  'cache-control': 'no-store',
  pragma: 'no-cache',
}

/** A whole page: the brand above, one card in the middle, and every header that a page needs. */
export function page(
  context: PageContext,
  { title, hasProblem, status = 200, headers, refresh, script }: Page,
  body: Markup,
): Answer {
  const { brand, language, direction, t, secure, cookies = [] } = context
  const all = {
    ...HEADERS,
    ...headers,
    ...(script && { 'content-security-policy': policy("'self'") }),
    ...(secure && { 'strict-transport-security': 'max-age=31536000' }),
    ...(cookies.length > 0 && { 'set-cookie': cookies }),
  }
  const document = html`<!doctype html>
<html lang="${language}" dir="${direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<meta name="referrer" content="same-origin">
${refresh ? html`<meta http-equiv="refresh" content="0;url=${refresh}">` : ''}
<title>${t('page.title', { page: hasProblem ? t('page.problem', { page: title }) : title, brand: brand.name })}</title>
<link rel="icon" href="${brand.logoUrl ?? 'data:,'}">
<link rel="stylesheet" href="${styleUrl}">
${brand.styleUrl ? html`<link rel="stylesheet" href="${brand.styleUrl}">` : ''}
${script ? html`<script src="${script}" defer></script>` : ''}
</head>
<body>
<header class="brand">
${brand.logoUrl ? html`<img class="brand-logo" src="${brand.logoUrl}" alt="">` : monogram(brand.name, 'brand')}
<span class="brand-name"><bdi translate="no">${brand.name}</bdi></span>
</header>
<main class="card">
${body}
</main>
${footer(context)}
</body>
</html>
`
  return new Answer(status, all, String(document))
}

function policy(scripts: string): string {
  return `default-src 'none'; style-src 'self'; img-src 'self' data:; script-src ${scripts}; base-uri 'none'; frame-ancestors 'none'`
}

/** Links to help, to the privacy policy and to the platform. They open in a new tab, so that the person keeps this page. */
function footer({ brand, t }: PageContext): Markup {
  const { name, supportUrl, privacyUrl, poweredBy } = brand
  const links = [
    ...(supportUrl ? [[supportUrl, messageMarkup(t, 'page.support', { brand: name })] as const] : []),
    ...(privacyUrl ? [[privacyUrl, messageMarkup(t, 'page.privacy', { brand: name })] as const] : []),
    ...(poweredBy ? [[poweredBy.url, messageMarkup(t, 'page.poweredBy', { platform: poweredBy.name })] as const] : []),
  ]
  if (links.length === 0) return raw('')
  return html`<footer class="foot">${links.map(([href, label]) => footerLink(href, label, t))}</footer>`
}

function footerLink(href: string, label: Markup, t: PageContext['t']): Markup {
  if (href.startsWith('mailto:')) return html`<a href="${href}">${label}</a>`
  return html`<a href="${href}" target="_blank" rel="noreferrer noopener">${label} ${newTab(t)}</a>`
}
