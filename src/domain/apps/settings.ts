import { z } from 'zod'
import { RESPONSE_TYPES } from './app-protocol.ts'
import { columnSettings } from './column-settings.ts'
import { protocolSettings } from './protocol-settings.ts'
import { BY_ALL, BY_APP, BY_OTHERS, type Setting, type Surface, setting } from './setting.ts'
import { checked, choice, flag, list, name, orRefuse, ownUris, scopeList, scopeText, text } from './setting-kinds.ts'
import { refuse, wrongValue } from './value-refusals.ts'

export const MAX_REDIRECT_URIS = 20
const uriCount = orRefuse(wrongValue('value.some-uris', { most: MAX_REDIRECT_URIS }))
const allUris = z.array(z.string(uriCount), uriCount).min(1, uriCount).max(MAX_REDIRECT_URIS, uriCount)
const responseTypes = (isKnown: (types: string[]) => boolean) =>
  checked(list(20), (types) => {
    if (!isKnown(types)) refuse('value.response-types', { types: RESPONSE_TYPES.join(', ') })
  })
const kinds = {
  uris: allUris.meta({ description: `list of 1 to ${MAX_REDIRECT_URIS} redirect URIs`, list: true }),
  furtherUris: list(100, { orOne: true }).describe('list of redirect URIs'),
  types: responseTypes((types) => types.every((each) => RESPONSE_TYPES.includes(each))),
  ownTypes: responseTypes((types) => types.some((each) => RESPONSE_TYPES.includes(each))),
}

/**
 * Every setting of an app, declared once. Drafts, rows, the platform API, registration, metadata documents, the command line, the audit and
 * docs/app-settings.md follow from this table. Values are read in this order.
 */
export const settings = {
  codeName: setting('codeName', { platform: 'app_code_name', cli: 'code-name' }, text, BY_OTHERS, {
    isFixed: true,
    about: 'Its name in the management API: 1 to 60 letters and digits. Left out: derived from the name.',
  }),
  uid: setting('uid', { platform: 'app_id' }, text, [], { isFixed: true, about: 'Chosen by the server.' }),
  clientId: setting('clientId', { platform: 'client_id', metadata: 'client_id' }, text, [], {
    isFixed: true,
    about: 'Chosen by the server. For an app that is described by a document, the URL of the document.',
  }),
  secret: setting(null, { platform: 'client_secret', metadata: 'client_secret' }, text, [], {
    isFixed: true,
    about: 'Chosen by the server, and shown once.',
  }),
  directoryUid: setting('directoryUid', { platform: 'directory_uid' }, text, ['platform'], {
    isFixed: true,
    about:
      'The directory that owns it, also set with `app create --directory`. Default: the directory of the token, or the platform.',
  }),
  name: setting('name', { platform: 'name', metadata: 'client_name', cli: 'name' }, name, BY_ALL, {
    isLeftOut: true,
    asksAgain: 'when-changed',
    about: 'The name that people see. Left out by an app that describes itself: the host of its URI.',
  }),
  redirectUri: setting('redirectUri', { platform: 'redirect_uri' }, text.describe('redirect URI'), BY_OTHERS, {
    isRedirectUri: true,
    about: 'Where people are redirected when a request has no redirect URI.',
  }),
  furtherRedirectUris: setting('redirectUris', { platform: 'oauth_redirect_uris' }, kinds.furtherUris, BY_OTHERS, {
    isRedirectUri: true,
    of: (app) => app.redirectUris.slice(1),
    about: `Further redirect URIs; at most ${MAX_REDIRECT_URIS} with the first.`,
  }),
  redirectUris: setting('redirectUris', { metadata: 'redirect_uris', cli: 'redirect-uri' }, kinds.uris, BY_ALL, {
    readOwn: ownUris.min(1, uriCount),
    isRedirectUri: true,
    asksAgain: 'when-added',
    about: 'All redirect URIs. The first is used when a request has none.',
  }),
  trusted: setting('trusted', { platform: 'trusted', cli: 'trusted' }, flag, BY_OTHERS, {
    default: false,
    changedBy: ['platform'],
    about: 'Whether it needs no permission from people.',
  }),
  public: setting('public', { platform: 'public', cli: 'public' }, flag, BY_OTHERS, {
    default: false,
    isFixed: true,
    asksAgain: 'when-changed',
    about: 'Whether it cannot keep a secret (a mobile or browser app). It gets none and must use PKCE.',
  }),
  scopes: setting('scopes', { platform: 'scopes', metadata: 'scope', cli: 'scope' }, scopeList, BY_ALL, {
    readOwn: scopeText,
    isLeftOut: true,
    about:
      'The scopes that it may request. A request without `scope` means all of them. Left out: the default scopes. An app that describes itself may also request others.',
  }),
  demandScopes: setting(null, { platform: 'demand_scopes' }, scopeList, BY_OTHERS, {
    about: 'Further scopes, added to `scopes`.',
  }),
  openid: setting(null, { platform: 'openid' }, flag, BY_OTHERS, {
    of: (app) => app.scopes.includes('openid'),
    about: 'Whether `openid` is among its scopes. Without it, the app gets no ID token.',
  }),
  ...columnSettings,
  responseTypes: setting(null, { platform: 'response_types', metadata: 'response_types' }, kinds.types, BY_ALL, {
    readOwn: kinds.ownTypes,
    default: null,
    about: 'Only `code` is possible.',
  }),
  applicationType: setting(null, { metadata: 'application_type' }, choice(['web', 'native']), BY_APP, {
    default: null,
    isLeftOut: true,
    about: 'Stored and returned. Left out: `web` if all redirect URIs are https, else `native`.',
  }),
  ...protocolSettings,
}

export type SettingName = keyof typeof settings

/** All rows, in their order. */
export const SETTINGS = Object.entries(settings) as readonly [SettingName, Setting][]

/** Returns a function from our name of a setting to its name on a surface, or to our name where the surface has none. */
export function nameOn(surface: Surface): (name: string) => string {
  return (name) => (Object.hasOwn(settings, name) ? settings[name as SettingName].names[surface] : undefined) ?? name
}
