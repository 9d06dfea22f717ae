import { Problem } from '../../kit/refusal.ts'
import { readName } from '../businesses/name.ts'
import { type ProtocolRules, readWebUri } from './app-protocol.ts'

/** Links that describe an app for people, and where they may be sent to begin (RFC 7591 §2, OpenID Connect Registration §2). */
const LINKS = ['client_uri', 'logo_uri', 'tos_uri', 'policy_uri', 'initiate_login_uri']
const LINES = ['software_id', 'software_version']
/** What may be said once more for a language: `client_name#fr` (RFC 7591 §2.2). */
const TRANSLATED = ['client_name', 'client_uri', 'logo_uri', 'tos_uri', 'policy_uri']
const TRANSLATION = /^(\w+)#([A-Za-z]{2,8}(?:-[A-Za-z\d]{1,8}){0,4})$/
const MOST = { translations: 40, contacts: 10, line: 200 }

/**
 * What an app says of itself for people. It is kept and told again, and nothing of it is followed by us but the logo; no script passes for
 * a link, because it may stand on a page one day.
 */
export function readListedMetadata(
  record: Record<string, unknown>,
  env: ProtocolRules['env'],
): Record<string, unknown> {
  const listed: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(record)) {
    if (value === null || value === '') continue
    const [, base = name, language] = TRANSLATION.exec(name) ?? []
    if (language !== undefined && !TRANSLATED.includes(base)) continue
    if (LINKS.includes(base)) listed[name] = readWebUri(value, name, { env, by: 'app' })
    else if (base === 'client_name' && language !== undefined) listed[name] = readTranslatedName(value, name)
    else if (LINES.includes(name)) listed[name] = readLine(value, name)
    else if (name === 'contacts') listed[name] = readContacts(value)
  }
  const translations = Object.keys(listed).filter((name) => name.includes('#'))
  if (translations.length > MOST.translations)
    refuse(translations[MOST.translations]!, `is one translation more than ${MOST.translations}`)
  return listed
}

function readTranslatedName(value: unknown, field: string): string {
  return typeof value === 'string' ? readName(value.slice(0, 400), field) : refuse(field, 'must be a text')
}

function readLine(value: unknown, field: string): string {
  const isLine = typeof value === 'string' && value.length <= MOST.line && !/[\p{Cc}\p{Cs}]/u.test(value)
  return isLine ? value : refuse(field, `must be one line of at most ${MOST.line} characters`)
}

function readContacts(value: unknown): readonly string[] {
  const field = 'contacts'
  if (!Array.isArray(value) || value.length > MOST.contacts)
    return refuse(field, `must be a list of at most ${MOST.contacts} e-mail addresses`)
  return value.map((each) => readLine(each, field))
}

function refuse(field: string, why: string): never {
  throw new Problem(422, `${field} ${why}.`, { field })
}
