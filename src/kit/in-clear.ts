import { withoutUnseen } from './unseen.ts'

/**
 * Returns a text so that it can be stored: only names of the protocol, small numbers and the recognizable parts of URLs, cut to `longest`
 * characters. Everything else becomes `…`, because it may be a secret that was sent in the wrong place. With `sent`, the words of the request,
 * other words are shown too, because they are our own.
 */
export function inClear(value: string, longest: number, sent?: ReadonlySet<string>): string {
  const seen = withoutUnseen(value.slice(0, 4 * longest), '?')
  const safe = seen.replaceAll(WORDS, (word) => wordInClear(word, sent))
  return safe.length > longest ? `${safe.slice(0, longest)}… (${size(value)})` : safe
}

/** Returns the name of a parameter so that it can be stored: `…` if it does not look like one, because it may be part of a secret. */
export function nameInClear(name: string): string {
  const own = name.replace(/\[\d+\]$/, '')
  return COMPOUND_NAME.test(own) || NAMES.test(own) || PROTOCOL.test(own) ? name : '…'
}

/** Returns the words of a text, as `inClear` separates them. */
export function wordsOf(text: string): string[] {
  return [...text.matchAll(WORDS)].map(([word]) => withoutEnd(word).word)
}

/** Replaces what could be a token. */
export function hidesToken(text: string): string {
  return text.replaceAll(/[\w-]{32,}/g, '…')
}

/** Returns the length of a text, in words. */
export function size({ length }: string): string {
  return length === 1 ? '1 character' : `${length} characters`
}

const WORDS = /[^\s,;="“”'[\]{}()<>]+/g
/** Values of the protocol, names of parameters, and language tags. */
const PROTOCOL = new RegExp(
  `^(?:${[
    'code|token|none|query|fragment|jwt|plain|login|consent|create|page|popup|touch|wap|public|pairwise|opaque|basic|dpop',
    'openid|profile|email|address|phone|groups|scope|resource|audience|state|nonce|username|password|prompt|display',
    'true|false|null|allow|deny|yes|no|web|native|https?|localhost|read|write|admin',
    '[A-Z]S(?:256|384|512)|S256|EdDSA|Ed25519|DPoP|UTF-8|utf-8|JSON|URIs?|URLs?|JWKS?|JWT',
    'GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|[a-z]{2}(?:-[A-Z]{2})?',
  ].join('|')})$`,
)
/** Names of parameters and members that are one word. */
const NAMES =
  /^(?:assertion|business|claims|colou?r|colors|contacts|csrf|decision|description|directory|hosts|identifier|introspection|jwks|lang|limit|listing|locale|logo|logout|name|registration|request|scopes|theme|ticket|trusted|uid|url)$/
/** The form of most names, such as `client_id`. */
const COMPOUND_NAME = /^[a-z]{1,16}(?:_[a-z0-9]{1,16}){1,6}$/
/** Segments of the paths of most redirect URIs. */
const SEGMENT =
  /^(?:api|app|apps|auth|authorize|callback|cb|client|client\.json|complete|connect|done|finish|integrations|mcp|oauth2?|oauth-callback|oidc|openid|redirect|return|sign-?in|signed-?out|sso|success|users|v\d)$/
/** Words of one case or in camelCase, joined as in `clients_read`, `urn:example` or `application/json`. */
const PART = '(?:[A-Z]{1,2}|[A-Z]?[a-z]{1,16}(?:[A-Z][a-z]{2,15})*)'
const WORD = new RegExp(`^_?${PART}(?:[._:/+-]${PART}){0,8}$`)
const MAX_WORD_LENGTH = 40
/** Passwords often consist of words with hyphens, so these are not enough. */
const IS_JOINED = /\w[_.:/]\w/
/** The largest has fewer digits than a code that a person types. */
const NUMBER = /^-?\d{1,5}$/
const PARAMETER_TYPE = /^urn:ietf:params:oauth:/

const isWord = (text: string): boolean => text.length <= MAX_WORD_LENGTH && WORD.test(text)

function isProtocol(text: string): boolean {
  const own = text.replace(PARAMETER_TYPE, '')
  const isType = own !== text
  return PROTOCOL.test(own) || NUMBER.test(own) || (isWord(own) && (isType || IS_JOINED.test(own)))
}

/** Separates a word from the marks that end it. */
function withoutEnd(text: string): { word: string; end: string } {
  const [, word = '', end = ''] = /^(.*?)([.:?!…]*)$/s.exec(text) ?? []
  return { word, end }
}

function wordInClear(text: string, sent: ReadonlySet<string> | undefined): string {
  const { word, end } = withoutEnd(text)
  if (word === '') return text
  if (/^[a-z][a-z\d+.-]*:\//i.test(word)) return urlInClear(word) + end
  const isOurs = sent !== undefined && !sent.has(word) && isWord(word)
  return (isOurs || isProtocol(word) ? word : '…') + end
}

/** Returns the scheme, host, port and the usual segments of the path of a URL, never its user, query or fragment. */
function urlInClear(url: string): string {
  const [, scheme = '', authority, path = '', query, fragment] =
    /^([^:]*):(?:\/\/([^/?#]*))?([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(url) ?? []
  if (scheme.length > MAX_WORD_LENGTH) return '…'
  // A user part may contain a slash by mistake, and then looks like a host.
  if (url.includes('@')) return `${scheme}://…@…`
  const isHost = /^(?:[\w.-]*|\[[\da-f:.]+\])(?::\d{1,5})?$/i.test(authority ?? '')
  const host = authority === undefined ? '' : `//${isHost ? hidesToken(authority) : '…'}`
  const segments = path
    .split('/')
    .map((each) => (each === '' || SEGMENT.test(each) || PROTOCOL.test(each) ? each : '…'))
  return `${scheme}:${host}${segments.join('/')}${query ? '?…' : ''}${fragment ? '#…' : ''}`
}
