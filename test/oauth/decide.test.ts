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
const app = { uid: 'app', directoryUid: 'north', trusted: false, public: false, origin: 'platform' } as App
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

/** The specification: what the situation is, and what happens next. */
const table: [string, Situation, string][] = [
  ['nobody is signed in', { ...signedIn, session: undefined }, 'login'],
  [
    'nobody is signed in, and no page may be shown',
    { ...signedIn, session: undefined, request: asks(['none']) },
    'login_required',
  ],
  ['signed in, never allowed', signedIn, 'consent'],
  ['just allowed on the dialog', { ...signedIn, allowed: true }, 'approve'],
  ['allowed before', allowedBefore, 'approve bakery'],
  ['allowed before, no page may be shown', { ...allowedBefore, request: asks(['none']) }, 'approve bakery'],
  ['never allowed, no page may be shown', { ...signedIn, request: asks(['none']) }, 'consent_required'],
  ['the business has disconnected the app since', { ...allowedBefore, install: undefined }, 'consent'],
  ['the business has connected it anew since', { ...allowedBefore, install: { ...install, uid: 'later' } }, 'consent'],
  ['another person of the business allowed it', { ...allowedBefore, consent: undefined }, 'consent'],
  [
    'more scopes than allowed',
    { ...allowedBefore, request: { ...request, scopes: ['openid', 'clients_read'] } },
    'consent',
  ],
  ['fewer scopes than allowed', { ...allowedBefore, request: { ...request, scopes: [] } }, 'approve'],
  ['allowed before, the app wants it asked', { ...allowedBefore, request: asks(['consent']) }, 'consent'],
  ['a trusted app', { ...signedIn, app: { ...app, trusted: true } }, 'approve bakery'],
  [
    'a trusted app that wants it asked',
    { ...signedIn, app: { ...app, trusted: true }, request: asks(['consent']) },
    'consent',
  ],
  ['a trusted app, nobody signed in', { ...signedIn, app: { ...app, trusted: true }, session: undefined }, 'login'],
  ['trust was taken away', { ...signedIn, app: { ...app, trusted: false } }, 'consent'],
  [
    'an app that registered itself, at a claimed https address',
    { ...allowedBefore, app: { ...app, origin: 'registered' } },
    'approve',
  ],
  [
    'an app that registered itself, with a secret, on this device',
    {
      ...allowedBefore,
      app: { ...app, origin: 'registered' },
      request: { ...request, redirectUri: 'http://127.0.0.1/cb' },
    },
    'consent',
  ],
  [
    'an app that registered itself and is trusted all the same',
    { ...signedIn, app: { ...app, origin: 'registered', trusted: true } },
    'consent',
  ],
  ['an app described by its own document', { ...signedIn, app: { ...app, origin: 'document' } }, 'consent'],
  ['a public app at a claimed https address', { ...allowedBefore, app: { ...app, public: true } }, 'approve'],
  [
    'a public app on a local port always asks',
    {
      ...allowedBefore,
      app: { ...app, public: true },
      request: { ...request, redirectUri: 'http://127.0.0.1:3000/cb' },
    },
    'consent',
  ],
  [
    'a trusted public app on a local port asks too',
    {
      ...signedIn,
      app: { ...app, trusted: true, public: true },
      request: { ...request, redirectUri: 'com.example.app:/cb' },
    },
    'consent',
  ],
  ['the person whom a hint names', { ...allowedBefore, request: { ...request, hintedSubject: 's1' } }, 'approve'],
  [
    'another person than a hint names',
    { ...allowedBefore, confirmed: true, request: { ...request, hintedSubject: 's9' } },
    'login_required',
  ],
  ['prompt=login', { ...allowedBefore, request: asks(['login'], { freshLogin: true }) }, 'login'],
  [
    'prompt=login, signed in for it',
    { ...allowedBefore, confirmed: true, request: asks(['login'], { freshLogin: true }) },
    'approve',
  ],
  ['logout=true', { ...allowedBefore, request: { ...request, freshLogin: true } }, 'login'],
  [
    'prompt=login consent, signed in for it',
    { ...allowedBefore, confirmed: true, request: asks(['login', 'consent'], { freshLogin: true }) },
    'consent',
  ],
  ['max_age passed', { ...allowedBefore, request: { ...request, maxAge: 599 } }, 'login'],
  ['max_age not passed', { ...allowedBefore, request: { ...request, maxAge: 601 } }, 'approve'],
  [
    'max_age=0',
    { ...allowedBefore, session: { ...session, authTime: NOW - 1 }, request: { ...request, maxAge: 0 } },
    'login',
  ],
  ['max_age=0, signed in for it', { ...allowedBefore, confirmed: true, request: { ...request, maxAge: 0 } }, 'approve'],
  [
    'max_age passed, no page may be shown',
    { ...allowedBefore, request: asks(['none'], { maxAge: 1 }) },
    'login_required',
  ],
  ['select_account', { ...allowedBefore, request: asks(['select_account']) }, 'login'],
  ['select_account, picked', { ...allowedBefore, confirmed: true, request: asks(['select_account']) }, 'approve'],
  ['several businesses', { ...signedIn, memberships: [bakery, garage] }, 'choose-business'],
  [
    'several businesses, one chosen',
    { ...allowedBefore, memberships: [bakery, garage], chosenBusiness: 'garage' },
    'approve garage',
  ],
  [
    'several businesses, one asked for',
    { ...allowedBefore, memberships: [bakery, garage], request: { ...request, businessUid: 'garage' } },
    'approve garage',
  ],
  [
    'one asked for, another chosen',
    {
      ...allowedBefore,
      memberships: [bakery, garage],
      chosenBusiness: 'bakery',
      request: { ...request, businessUid: 'garage' },
    },
    'approve bakery',
  ],
  [
    'a business asked for that is not theirs',
    { ...signedIn, memberships: [bakery, garage], request: { ...request, businessUid: 'kiosk' } },
    'choose-business',
  ],
  [
    'a business chosen and lost since',
    { ...allowedBefore, memberships: [bakery, garage], chosenBusiness: 'kiosk' },
    'choose-business',
  ],
  [
    'several businesses, no page may be shown',
    { ...allowedBefore, memberships: [bakery, garage], request: asks(['none']) },
    'account_selection_required',
  ],
  ['no business at all', { ...signedIn, memberships: [] }, 'choose-business'],
  [
    'no business at all, and no page may be shown',
    { ...signedIn, memberships: [], request: asks(['none']) },
    'access_denied',
  ],
  [
    'their only business is not the one asked for',
    { ...allowedBefore, request: { ...request, businessUid: 'kiosk' } },
    'choose-business',
  ],
  ['only a business of another directory', { ...signedIn, memberships: [foreign] }, 'choose-business'],
  ['one of two is of another directory', { ...allowedBefore, memberships: [foreign, bakery] }, 'approve bakery'],
  [
    "the platform's own app in any directory",
    { ...allowedBefore, app: { ...app, directoryUid: null }, memberships: [foreign] },
    'approve kiosk',
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
