import { html } from 'hono/html'
import { checkForm } from '../http/csrf.ts'
import type { Incoming } from '../http/incoming.ts'
import type { Params } from '../http/params.ts'
import type { Site } from '../site.ts'
import type { Markup } from './page.ts'
import type { Visit } from './visit.ts'

/** One of our forms, declared once: a page writes it with `form`, and the handler of its action reads it with `openForm`. */
export interface Form {
  /** The path that it is posted to. */
  readonly action: string
  /** What it is for. Its CSRF token is not valid for any other purpose. */
  readonly purpose: string
  /** The hidden field that names what the form is about, such as `ticket`. The CSRF token is valid only for its value. */
  readonly about?: string
}

interface Written {
  /** The value of the hidden field that the form is about. */
  about?: string | undefined
  class?: string
}

/**
 * Writes a form with its CSRF token, the hidden field that it is about, and these contents. What it is about is in its address too, so that the
 * page that answers the form can be loaded again.
 */
export function form(declared: Form, { csrf }: Visit, { about, class: style }: Written, body: Markup): Markup {
  return html`<form method="post" action="${addressOf(declared, about)}"${style ? html` class="${style}"` : ''}>
${hidden('csrf', csrf(formPurpose(declared, about)))}
${about === undefined ? '' : hidden(declared.about!, about)}
${body}
</form>`
}

/**
 * Reads a posted form: opens the visit by what the form is about, and checks that one of our own pages showed the form to this browser.
 * `open` comes first, so that it can redirect a visitor whose form is only too old.
 */
export async function openForm<V extends Visit>(
  declared: Form,
  incoming: Incoming,
  site: Site,
  open: (about: string | undefined, incoming: Incoming, site: Site) => Promise<V>,
): Promise<{ visit: V; fields: Params }> {
  const fields = await incoming.pageForm()
  const about = declared.about === undefined ? undefined : fields.get(declared.about)
  const visit = await open(about, incoming, site)
  checkForm(incoming, fields, site, [formPurpose(declared, about)])
  return { visit, fields }
}

/** Returns what the CSRF token of a form is made for. */
export function formPurpose({ purpose }: Form, about: string | undefined, shown: readonly string[] = []): string {
  return [purpose, ...(about === undefined ? [] : [about]), ...shown].join(' ')
}

function addressOf({ action, about: name }: Form, about: string | undefined): string {
  return about === undefined ? action : `${action}?${name}=${encodeURIComponent(about)}`
}

export function hidden(name: string, value: string): Markup {
  return html`<input type="hidden" name="${name}" value="${value}">`
}
