import type { ProtocolRow } from './refusals.ts'

const RETURN = {
  code: 'invalid_request',
  parameter: 'post_logout_redirect_uri',
  fix: 'Send one of the post_logout_redirect_uris that the app has registered, letter for letter, together with the id_token_hint, or leave it out.',
} as const
const HINT = {
  code: 'invalid_request',
  parameter: 'id_token_hint',
  fix: 'Send an ID token that this server gave this app, or leave it out and let the person sign out.',
} as const

/** What is refused where apps register themselves, and where they sign people out. */
export const REGISTRATION_ROWS = {
  'registration.off': {
    code: 'access_denied',
    says: 'Apps cannot register themselves here. Ask the platform to register yours.',
    fix: 'Ask the platform to register the app.',
  },
  'registration.not-json': {
    code: 'invalid_request',
    status: 415,
    says: 'Send the description of the app as application/json.',
  },
  'registration.software-statement': {
    code: 'invalid_software_statement',
    parameter: 'software_statement',
    says: 'No software statement is taken here; send the members themselves.',
  },
  'registration.wrong-token': {
    code: 'invalid_token',
    says: 'The token is unknown, or it is not for this.',
    fix: 'To register, send an initial access token of the platform. About a registration, send the registration_access_token that it gave.',
  },
  'registration.no-token': {
    code: 'invalid_token',
    says: 'Send {what} in the Authorization header: Bearer and the token.',
  },
  'registration.other-client-id': {
    code: 'invalid_client_metadata',
    parameter: 'client_id',
    says: 'client_id must be there, and be that of this registration.',
  },
  'registration.other-secret': {
    code: 'invalid_client_metadata',
    parameter: 'client_secret',
    says: 'client_secret is not the one that was given; leave it out.',
  },
  'logout.too-long': {
    code: 'invalid_request',
    parameter: 'state',
    says: 'The parameters are together too long. Send a shorter state.',
  },
  'logout.foreign-hint': {
    ...HINT,
    says: 'The id_token_hint is not an ID token of this server, or it was changed. Send the one that came with the sign-in, as it is, or leave it out.',
  },
  'logout.other-client': {
    code: 'invalid_request',
    parameter: 'client_id',
    says: 'The client_id is not that of the app which the id_token_hint was given to.',
  },
  'logout.hint-of-removed-app': { ...HINT, says: 'The id_token_hint was given to an app that was removed.' },
  'logout.unknown-client': {
    code: 'invalid_request',
    parameter: 'client_id',
    says: 'The client_id is not known.',
    fix: 'Send the client_id that registering the app gave.',
  },
  'logout.return-without-app': {
    ...RETURN,
    says: 'With a post_logout_redirect_uri send the id_token_hint, or at least the client_id.',
  },
  'logout.return-unregistered': {
    ...RETURN,
    says: 'The post_logout_redirect_uri is not one that the app has registered for this. It must be the same, letter for letter.',
  },
  'logout.none-registered': {
    ...RETURN,
    says: 'The post_logout_redirect_uri cannot be used: the app has registered none.',
  },
} as const satisfies Record<string, ProtocolRow>
