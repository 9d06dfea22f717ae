import { defineRefusals } from '../../kit/refusal.ts'
import { rowsWith } from '../../kit/rows-with.ts'

/** `readSetting` fills in the field. */
const VALUE = { status: 422, field: '' } as const

/** What can be wrong with a value of a setting, or of a field of the management API. */
export const valueRefusals = defineRefusals({
  ...rowsWith(
    {
      ...VALUE,
      fix: 'Change {field}, or leave it out. docs/app-settings.md has the values of the settings of an app.',
    },
    {
      'value.text': '{field} must be a string.',
      'value.long-text': '{field} must have at most {most} characters.',
      'value.character': '{field} has a character that is not allowed.',
      'value.flag': '{field} must be true or false.',
      'value.whole-seconds': '{field} must be a whole number of seconds.',
      'value.seconds': '{field} must be a whole number of seconds from {least} to {most}.',
      'value.choice': '{field} must be {choices}.',
      'value.choices': '{field} may have only {choices}.',
      'value.list': '{field} must be a list of strings.',
      'value.short-list': '{field} must be a list of at most {most} strings.',
      'value.uris': '{field} must be a list of URIs.',
      'value.some-uris': '{field} must be a list of 1 to {most} URIs.',
      'value.names': '{field} must be one text of names, separated by spaces.',
      'value.response-types': '{field} may have only {types}: tokens are never sent through a browser.',
      'groups-template.characters': '{field} must have 1 to 200 printable ASCII characters.',
      'groups-template.placeholder': '{field} must have no other placeholders than {placeholders}.',
    },
  ),
  ...rowsWith(
    { ...VALUE, fix: 'Send a JWK Set of public keys (RFC 7517 §5).' },
    {
      'jwks.not-a-set': '{field} must be an object with a list named keys.',
      'jwks.empty': '{field} has no key.',
      'jwks.too-many': '{field} has more than {most} keys.',
      'jwks.not-a-key': '{field} has a key that is not an object.',
      'jwks.same-kid': '{field} has two keys with the same kid. Each of several keys needs its own kid.',
      'jwks.too-large': '{field} is larger than {most} bytes.',
      'jwks.symmetric': '{field} has a symmetric key (oct). Only public keys can be shown to others.',
      'jwks.key-type': '{field} has a key whose kty is not RSA, EC or OKP.',
      'jwks.private': '{field} has a private key (it has {member}). Send only public keys, and replace this key.',
      'jwks.incomplete': '{field} has a {type} key without {member}.',
      'jwks.kid': '{field} has a kid that is not a text of 1 to 200 characters.',
      'jwks.member': '{field} has a key whose {member} is neither a text nor a list of texts.',
      'jwks.use': '{field} has a key whose use is neither sig nor enc.',
    },
  ),
  ...rowsWith(
    { ...VALUE, fix: 'Change the value, or leave it out: it only describes the app.' },
    {
      'listing.long-text': '{field} has a text of more than {most} characters.',
      'listing.too-deep': '{field} is nested more than {most} levels deep.',
      'listing.too-many': '{field} has a list or an object of more than {most} members.',
      'listing.name': '{field} has a name that is not allowed.',
      'listing.line': '{field} must be one line of at most 200 characters.',
      'listing.link': ['{field} must be a link that begins with {schemes}.', 'Send a link, or leave it out.'],
      'listing.script': '{field} must not be a script or a document.',
      'listing.logo-link': '{field} in its logo must be a link that begins with {schemes}.',
      'listing.logo-picture': '{field} has a logo that is not a PNG, JPEG, WebP, GIF or SVG picture.',
    },
  ),
})

export const wrongValue: typeof valueRefusals.refusal = valueRefusals.refusal
export const refuse: typeof valueRefusals.refuse = valueRefusals.refuse
