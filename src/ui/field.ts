import { html } from 'hono/html'
import type { Markup } from './page.ts'

type Attributes = Readonly<Record<string, string | boolean | undefined>>

/** A form field with its label; `id` is also its name. An attribute that is `true` has no value; one that is false is omitted. */
export function field(id: string, label: string, attributes: Attributes): Markup {
  const given = Object.entries(attributes).filter(([, value]) => value !== undefined && value !== false)
  return html`<div class="field">
<label for="${id}">${label}</label>
<input id="${id}" name="${id}"${given.map(([name, value]) => (value === true ? html` ${name}` : html` ${name}="${value}"`))}>
</div>`
}

/** The box above a form that says what was wrong with it. A field points to it with `aria-describedby="problem"`. */
export function problemBox(text: string | undefined): Markup | '' {
  return text === undefined ? '' : html`<div class="problem" id="problem" role="alert" tabindex="-1">${text}</div>`
}
