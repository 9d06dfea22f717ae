import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AuthorizationRequest } from '../../src/domain/requests/authorization-request.ts'
import { type Decision, decide, type Situation } from '../../src/oauth/authorize/decide.ts'
import type { App } from '../../src/store/nouns/apps.ts'
import type { Consent, Install } from '../../src/store/nouns/installs.ts'
import type { LiveSession } from '../../src/store/nouns/sessions.ts'
import type { Membership } from '../../src/store/nouns/staff.ts'

const NOW = 1_800_000_000

const request: AuthorizationRequest = {
  clientId: 'client',
  redirectUri: 'https://app.example/callback',
  redirectUriSent: true,
  state: null,
  scopes: ['openid'],
  nonce: null,
  codeChallenge: null,
  prompt: [],
  maxAge: null,
  freshLogin: false,
  loginHint: null,
  locales: [],
  businessUid: null,
  hintedSubject: null,
  responseMode: 'query',
  claims: null,
  resources: [],
  acrValues: [],
  display: null,
  pushed: null,
}
const app = {
  ...{ uid: 'app', directoryUid: 'north', businessUid: null },
  ...{ trusted: false, public: false, origin: 'platform' },
} as App
const session = { uid: 'session', personUid: 'dana', authTime: NOW - 600 } as LiveSession
const bakery: Membership = {
  staffUid: 's1',
  role: 'owner',
  businessUid: 'bakery',
  businessName: 'Bakery',
  directoryUid: 'north',
}
const garage: Membership = {
  staffUid: 's2',
  role: 'admin',
  businessUid: 'garage',
  businessName: 'Garage',
  directoryUid: 'north',
}
const foreign: Membership = {
  staffUid: 's3',
  role: 'owner',
  businessUid: 'kiosk',
  businessName: 'Kiosk',
  directoryUid: 'south',
}
const install = { uid: 'install', scopes: ['openid'] } as unknown as Install
const consent = { installUid: 'install', scopes: ['openid'] } as unknown as Consent

const signedIn: Situation = {
  request,
  app,
  session,
  confirmed: false,
  memberships: [bakery],
  chosenBusiness: null,
  install: undefined,
  consent: undefined,
  allowed: false,
  subjectOf: (staffUid) => staffUid,
  now: NOW,
}
const allowedBefore = { ...signedIn, install, consent }
const asks = (prompt: AuthorizationRequest['prompt'], more: Partial<AuthorizationRequest> = {}) => ({
  ...request,
  prompt,
  ...more,
})

/** The specification of `decide`: each situation, and what happens next. */
const table: [string, Situation, string][] = [
  ['no session', { ...signedIn, session: undefined }, 'login'],
  ['no session, prompt=none', { ...signedIn, session: undefined, request: asks(['none']) }, 'login_required'],
  ['signed in, not allowed yet', signedIn, 'consent'],
  ['allowed on the dialog', { ...signedIn, allowed: true }, 'approve'],
  ['allowed before', allowedBefore, 'approve bakery'],
  ['allowed before, prompt=none', { ...allowedBefore, request: asks(['none']) }, 'approve bakery'],
  ['not allowed yet, prompt=none', { ...signedIn, request: asks(['none']) }, 'consent_required'],
  ['allowed before, then disconnected by the business', { ...allowedBefore, install: undefined }, 'consent'],
  [
    'allowed before, then disconnected and connected again',
    { ...allowedBefore, install: { ...install, uid: 'later' } },
    'consent',
  ],
  ['allowed by another person of the business', { ...allowedBefore, consent: undefined }, 'consent'],
  [
    'more scopes than allowed',
    { ...allowedBefore, request: { ...request, scopes: ['openid', 'clients_read'] } },
    'consent',
  ],
  ['fewer scopes than allowed', { ...allowedBefore, request: { ...request, scopes: [] } }, 'approve'],
  ['allowed before, prompt=consent', { ...allowedBefore, request: asks(['consent']) }, 'consent'],
  ['a trusted app', { ...signedIn, app: { ...app, trusted: true } }, 'approve bakery'],
  [
    'a trusted app, prompt=consent',
    { ...signedIn, app: { ...app, trusted: true }, request: asks(['consent']) },
    'consent',
  ],
  ['a trusted app, no session', { ...signedIn, app: { ...app, trusted: true }, session: undefined }, 'login'],
  ['an app that is no longer trusted', { ...signedIn, app: { ...app, trusted: false } }, 'consent'],
  [
    'an app that registered itself, with a claimed https redirect URI',
    { ...allowedBefore, app: { ...app, origin: 'registered' } },
    'approve',
  ],
  [
    'an app that registered itself, with a secret and a loopback redirect URI',
    {
      ...allowedBefore,
      app: { ...app, origin: 'registered' },
      request: { ...request, redirectUri: 'http://127.0.0.1/cb' },
    },
    'consent',
  ],
  [
    'an app that registered itself and is trusted',
    { ...signedIn, app: { ...app, origin: 'registered', trusted: true } },
    'consent',
  ],
  ['an app with a client id metadata document', { ...signedIn, app: { ...app, origin: 'document' } }, 'consent'],
  [
    'an app that registered itself, with an https redirect URI on this device',
    {
      ...allowedBefore,
      app: { ...app, origin: 'registered' },
      request: { ...request, redirectUri: 'https://localhost:8443/cb' },
    },
    'consent',
  ],
  ['a public app with a claimed https redirect URI', { ...allowedBefore, app: { ...app, public: true } }, 'approve'],
  [
    'a public app with a loopback redirect URI',
    {
      ...allowedBefore,
      app: { ...app, public: true },
      request: { ...request, redirectUri: 'http://127.0.0.1:3000/cb' },
    },
    'consent',
  ],
  [
    'a trusted public app with a private scheme',
    {
      ...signedIn,
      app: { ...app, trusted: true, public: true },
      request: { ...request, redirectUri: 'com.example.app:/cb' },
    },
    'consent',
  ],
  [
    'a trusted app with a secret and a scheme that any program can claim',
    {
      ...allowedBefore,
      app: { ...app, trusted: true },
      request: { ...request, redirectUri: 'cursor://vendor.extension/cb' },
    },
    'consent',
  ],
  [
    'the person that id_token_hint names',
    { ...allowedBefore, request: { ...request, hintedSubject: 's1' } },
    'approve',
  ],
  [
    'another person than id_token_hint names',
    { ...allowedBefore, confirmed: true, request: { ...request, hintedSubject: 's9' } },
    'login_required',
  ],
  ['prompt=login', { ...allowedBefore, request: asks(['login'], { freshLogin: true }) }, 'login'],
  [
    'prompt=login, signed in again',
    { ...allowedBefore, confirmed: true, request: asks(['login'], { freshLogin: true }) },
    'approve',
  ],
  ['logout=true', { ...allowedBefore, request: { ...request, freshLogin: true } }, 'login'],
  [
    'prompt=login consent, signed in again',
    { ...allowedBefore, confirmed: true, request: asks(['login', 'consent'], { freshLogin: true }) },
    'consent',
  ],
  ['max_age exceeded', { ...allowedBefore, request: { ...request, maxAge: 599 } }, 'login'],
  ['max_age not exceeded', { ...allowedBefore, request: { ...request, maxAge: 601 } }, 'approve'],
  [
    'max_age=0',
    { ...allowedBefore, session: { ...session, authTime: NOW - 1 }, request: { ...request, maxAge: 0 } },
    'login',
  ],
  ['max_age=0, signed in again', { ...allowedBefore, confirmed: true, request: { ...request, maxAge: 0 } }, 'approve'],
  ['max_age exceeded, prompt=none', { ...allowedBefore, request: asks(['none'], { maxAge: 1 }) }, 'login_required'],
  ['prompt=select_account', { ...allowedBefore, request: asks(['select_account']) }, 'login'],
  [
    'prompt=select_account, account chosen',
    { ...allowedBefore, confirmed: true, request: asks(['select_account']) },
    'approve',
  ],
  ['several businesses', { ...signedIn, memberships: [bakery, garage] }, 'choose-business'],
  [
    'several businesses, one chosen',
    { ...allowedBefore, memberships: [bakery, garage], chosenBusiness: 'garage' },
    'approve garage',
  ],
  [
    'several businesses, one requested',
    { ...allowedBefore, memberships: [bakery, garage], request: { ...request, businessUid: 'garage' } },
    'approve garage',
  ],
  [
    'one requested, another chosen',
    {
      ...allowedBefore,
      memberships: [bakery, garage],
      chosenBusiness: 'bakery',
      request: { ...request, businessUid: 'garage' },
    },
    'approve bakery',
  ],
  [
    'a requested business that the person does not belong to',
    { ...signedIn, memberships: [bakery, garage], request: { ...request, businessUid: 'kiosk' } },
    'choose-business',
  ],
  [
    'a chosen business that the person has left',
    { ...allowedBefore, memberships: [bakery, garage], chosenBusiness: 'kiosk' },
    'choose-business',
  ],
  [
    'several businesses, prompt=none',
    { ...allowedBefore, memberships: [bakery, garage], request: asks(['none']) },
    'account_selection_required',
  ],
  ['no business', { ...signedIn, memberships: [] }, 'choose-business'],
  ['no business, prompt=none', { ...signedIn, memberships: [], request: asks(['none']) }, 'access_denied'],
  [
    'the only business is not the requested one',
    { ...allowedBefore, request: { ...request, businessUid: 'kiosk' } },
    'choose-business',
  ],
  ['only a business of another directory', { ...signedIn, memberships: [foreign] }, 'choose-business'],
  ['two businesses, one of another directory', { ...allowedBefore, memberships: [foreign, bakery] }, 'approve bakery'],
  [
    "the platform's own app in any directory",
    { ...allowedBefore, app: { ...app, directoryUid: null }, memberships: [foreign] },
    'approve kiosk',
  ],
  [
    'two businesses, an app for one of them',
    { ...allowedBefore, app: { ...app, businessUid: 'bakery' }, memberships: [garage, bakery] },
    'approve bakery',
  ],
  [
    'an app for another business',
    { ...allowedBefore, app: { ...app, businessUid: 'bakery' }, memberships: [garage] },
    'choose-business',
  ],
  [
    'an app for another business, prompt=none',
    { ...allowedBefore, app: { ...app, businessUid: 'bakery' }, memberships: [garage], request: asks(['none']) },
    'access_denied',
  ],
]

for (const [situation, given, expected] of table) {
  test(`${situation} → ${expected}`, () => {
    assert.ok(said(decide(given)).startsWith(expected), said(decide(given)))
  })
}

function said(decision: Decision): string {
  if (decision.to === 'refuse') return decision.error.code!
  return decision.to === 'approve' ? `approve ${decision.membership.businessUid}` : decision.to
}
