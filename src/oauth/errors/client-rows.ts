import type { ProtocolRow } from './refusals.ts'

const DOCUMENT = 'Ask the platform to allow the host of the document, or to register the app.'
const assertion = <const Why extends string>(why: Why) =>
  ({
    code: 'invalid_client',
    parameter: 'client_assertion',
    says: `The app could not be authenticated: ${why}.`,
    fix: 'Sign a new JWT for every request, as docs/client-authentication.md shows it.',
  }) as const

/** What is refused of an app that authenticates, and of where its credentials are. */
export const CLIENT_ROWS = {
  'client.no-proof': {
    code: 'invalid_client',
    says: 'The app did not authenticate: send its client_secret, in the body or by HTTP Basic.',
  },
  'client.wrong-secret': { code: 'invalid_client', says: 'The client_id or client_secret is wrong.' },
  'client.unlisted': {
    code: 'invalid_client',
    parameter: 'client_id',
    says: 'No app with this client_id is let in here.',
    fix: DOCUMENT,
  },
  'client.two-methods': {
    code: 'invalid_request',
    says: 'The app authenticates in two ways at once: send one of the Authorization header, client_secret and client_assertion.',
  },
  'client.is-public': { code: 'invalid_client', says: 'This app is public and has no secret: send client_id alone.' },
  'client.other-method': { code: 'invalid_client', says: 'This app authenticates by {methods}, and by nothing else.' },
  'client.basic-malformed': {
    code: 'invalid_client',
    says: 'The Authorization header must be Basic with base64 of client_id:client_secret, each form-encoded first.',
  },
  'client.two-ids': {
    code: 'invalid_request',
    parameter: 'client_id',
    says: 'The client_id in the body is not the one in the Authorization header; send it once.',
  },
  'client.nobody-asks': {
    code: 'invalid_client',
    says: 'Say who asks: send the client_id and client_secret of the API or app, in the body or by HTTP Basic.',
  },
  'client.public-asks': {
    code: 'invalid_client',
    says: 'A public app proves nothing about itself, so it learns nothing about tokens here.',
    fix: 'Ask with the credentials of the API that received the token.',
  },
  'assertion.type': assertion('client_assertion_type must be {type}'),
  'assertion.too-long': assertion('client_assertion has more than {most} characters'),
  'assertion.malformed': assertion('client_assertion must be a signed JWT: three parts in base64url, joined by dots'),
  'assertion.other-client': assertion('the client_id in the body is not the sub of client_assertion'),
  'assertion.algorithm': assertion('client_assertion must be signed with {algorithms}'),
  'assertion.critical': assertion('client_assertion has a header that is not understood'),
  'assertion.own-key': assertion('client_assertion has the header {header}, but only registered keys count'),
  'assertion.kid': assertion('the kid of client_assertion must be a text of at most 200 characters'),
  'assertion.typ': assertion('the typ of client_assertion must be JWT or client-authentication+jwt, or be left out'),
  'assertion.issuer': assertion('iss and sub of client_assertion must both be the client_id'),
  'assertion.audience': assertion('aud of client_assertion must be {issuer}, as a single text'),
  'assertion.no-exp': assertion('exp of client_assertion must be there, in seconds since 1970'),
  'assertion.expired': assertion('client_assertion has expired; make a new one for every request'),
  'assertion.too-lasting': assertion(
    'exp of client_assertion must be at most {most} seconds from now; our clock says {now}',
  ),
  'assertion.not-a-time': assertion('{claim} of client_assertion must be a time in seconds since 1970'),
  'assertion.future': assertion('{claim} of client_assertion is in the future; our clock says {now}, so set yours'),
  'assertion.no-jti': assertion('jti of client_assertion must be there, a text of at most {most} characters'),
  'assertion.wrong-key': {
    code: 'invalid_client',
    says: 'The client_assertion is not signed by a key of the app that it names; compare kid, alg and the keys registered.',
  },
  'assertion.other-algorithm': {
    code: 'invalid_client',
    says: 'This app signs its client_assertion with {registered}, not with {alg}.',
  },
  'assertion.unread-keys': {
    code: 'invalid_client',
    says: 'The keys of this app could not be read where it says they are. They are asked for once a minute.',
    fix: 'Serve the JWK Set at the jwks_uri of the app, with 200, by https and without redirects.',
  },
  'assertion.wrong-secret': {
    code: 'invalid_client',
    says: 'The client_assertion is not signed with a secret of the app that it names.',
  },
  'assertion.unsealed-secret': {
    code: 'invalid_client',
    says: 'No secret of this app was made for client_secret_jwt: make a new one, and sign with that.',
  },
  'assertion.used': {
    code: 'invalid_client',
    says: 'The client_assertion was used before: make a new one, with a jti of its own, for every request.',
  },
} as const satisfies Record<string, ProtocolRow>
