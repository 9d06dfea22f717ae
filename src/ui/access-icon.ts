import { html, raw } from 'hono/html'
import type { ScopeDescription } from '../domain/tokens/scopes.ts'
import type { Markup } from './page.ts'

/** The lines of each icon, in a square of 16: an eye, a pencil, a bin and a tick. */
const LINES: Readonly<Record<ScopeDescription['access'], string>> = {
  see: '<path d="M1 8s2.5-4.5 7-4.5S15 8 15 8s-2.5 4.5-7 4.5S1 8 1 8z"/><circle cx="8" cy="8" r="2"/>',
  change: '<path d="M2.5 13.5l.7-3L11 2.7l2.3 2.3-7.8 7.8zM9.3 4.4l2.3 2.3"/>',
  delete: '<path d="M2.5 4.5h11M6 4.5V2.5h4v2M4 4.5l.6 9h6.8l.6-9M6.7 7v4M9.3 7v4"/>',
  other: '<path d="M2.5 8.5l3.5 3.5 7.5-8"/>',
}

/** An icon for a kind of access. The text beside it says the same, so it is hidden from screen readers. */
export function accessIcon(access: ScopeDescription['access']): Markup {
  return html`<svg class="access-icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">${raw(LINES[access])}</svg>`
}
