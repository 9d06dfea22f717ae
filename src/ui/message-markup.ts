import { html } from 'hono/html'
import type { MessageKey, Translate } from './messages/messages.ts'
import type { Markup } from './page.ts'

/** Private-use characters stand for the names while the message is made: no message contains them, and they have no direction. */
const FIRST_MARK = 0xe000
const MARKS = /([\uE000-\uE00F])/

/** Returns a message as markup. The names in it are isolated from the text around them, and browsers do not translate them. */
export function messageMarkup(t: Translate, key: MessageKey, names: Readonly<Record<string, string>>): Markup {
  const values = Object.values(names)
  const marks = Object.keys(names).map((name, index) => [name, String.fromCharCode(FIRST_MARK + index)])
  const pieces = t(key, Object.fromEntries(marks)).split(MARKS)
  return html`${pieces.map((piece) =>
    MARKS.test(piece) ? html`<bdi translate="no">${values[piece.charCodeAt(0) - FIRST_MARK]}</bdi>` : piece,
  )}`
}
