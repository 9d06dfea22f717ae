import { rowsWith } from '../../kit/rows-with.ts'
import { ONLY_HERE, type ProtocolRow } from './protocol-row.ts'

/** Refusals of an app that authenticates. */
export const CLIENT_ROWS = {
  ...rowsWith(
    { code: 'invalid_client' },
    {
      'client.no-proof': 'The app did not authenticate: send its client_secret, in the body or by HTTP Basic.',
      'client.wrong-secret': 'The client_id or client_secret is wrong.',
      'client.is-public': 'This app is public and has no secret: send only client_id.',
      'client.other-method': 'This app authenticates by {methods} only.',
      'client.basic-malformed':
        'The Authorization header must be Basic with base64 of client_id:client_secret, each form-encoded first.',
      'introspection.no-client':
        'The caller did not authenticate: send the client_id and client_secret of the API or app, in the body or by HTTP Basic.',
    },
  ),
  'client.unknown': {
    code: 'invalid_client',
    says: `No live app has this client_id. ${ONLY_HERE}`,
    fix: 'Send the client_id that the app got when it was registered, not the code name. `behalf app list` shows the live apps.',
  },
  'client.other-secret': {
    code: 'invalid_client',
    says: `The app exists, but this is none of its valid secrets. Was it replaced, or has it expired? ${ONLY_HERE}`,
    fix: 'Send a valid secret of the app. `behalf secret list` shows which are valid, and `behalf secret create` makes a new one.',
  },
  'introspection.public-client': {
    code: 'invalid_client',
    says: 'A public app cannot authenticate, so it cannot introspect tokens.',
    fix: 'Authenticate as the API that received the token.',
  },
  'client.unlisted': {
    code: 'invalid_client',
    parameter: 'client_id',
    says: 'This server does not accept the app with this client_id.',
    fix: 'Ask the platform to allow the host of the metadata document, or to register the app.',
  },
  'client.two-methods': {
    code: 'invalid_request',
    says: 'The app authenticates in two ways at once: send only one of the Authorization header, client_secret and client_assertion.',
  },
  'client.two-ids': {
    code: 'invalid_request',
    parameter: 'client_id',
    says: 'The client_id in the body is not the one in the Authorization header; send it once.',
  },
  ...rowsWith(
    {
      code: 'invalid_client',
      parameter: 'client_assertion',
      fix: 'Sign a new JWT for every request, as docs/client-authentication.md shows.',
    },
    {
      'assertion.type': 'The client_assertion_type must be {type}.',
      'assertion.too-long': 'The client_assertion is longer than {most} characters.',
      'assertion.malformed': 'The client_assertion must be a signed JWT: three parts in base64url, joined by dots.',
      'assertion.other-client': 'The client_id in the body is not the sub of client_assertion.',
      'assertion.algorithm': 'The client_assertion must be signed with {algorithms}.',
      'assertion.critical': 'The client_assertion has a header that this server does not understand.',
      'assertion.own-key': 'The client_assertion has the header {header}, but only registered keys are accepted.',
      'assertion.kid': 'The kid of client_assertion must be a text of at most 200 characters.',
      'assertion.typ': 'The typ of client_assertion must be JWT or client-authentication+jwt, or be left out.',
      'assertion.issuer': 'The iss and sub of client_assertion must both be the client_id.',
      'assertion.audience': 'The aud of client_assertion must be {issuer}, as a single text.',
      'assertion.no-exp': 'The client_assertion must have an exp, in seconds since 1970.',
      'assertion.expired': 'The client_assertion has expired; make a new one for every request.',
      'assertion.too-long-lived':
        'Without iat, the exp of client_assertion must be at most {most} seconds from now. The clock of this server says {now}.',
      'assertion.old':
        'The iat of client_assertion is more than {most} seconds ago; make a new one for every request. The clock of this server says {now}.',
      'assertion.not-a-time': 'The {claim} of client_assertion must be a time in seconds since 1970.',
      'assertion.future':
        'The {claim} of client_assertion is in the future. The clock of this server says {now}; correct yours.',
      'assertion.no-jti': 'The client_assertion must have a jti, a text of at most {most} characters.',
      'assertion.wrong-key':
        'The client_assertion is not signed by a key of the app that it names. Compare kid, alg and the registered keys.',
      'assertion.other-algorithm': 'This app signs its client_assertion with {registered}, not with {alg}.',
      'assertion.wrong-secret': 'The client_assertion is not signed with a secret of the app that it names.',
      'assertion.unsealed-secret':
        'No secret of this app was made for client_secret_jwt: make a new one, and sign with that.',
      'assertion.used': 'The client_assertion was used before: make a new one, with its own jti, for every request.',
    },
  ),
  'assertion.unreadable-keys': {
    code: 'invalid_client',
    says: 'The keys of this app could not be read from its jwks_uri. The server tries again once a minute.',
    fix: 'Serve the JWK Set at the jwks_uri of the app, with 200, by https and without redirects.',
  },
} as const satisfies Record<string, ProtocolRow>
