import { rowsWith } from '../../kit/rows-with.ts'
import type { ProtocolRow } from './protocol-row.ts'

/** Refusals of apps that register themselves or sign people out. */
export const REGISTRATION_ROWS = {
  'registration.off': {
    code: 'access_denied',
    says: 'Apps cannot register themselves here.',
    fix: 'Ask the platform to register the app.',
  },
  'registration.not-json': {
    code: 'invalid_request',
    status: 415,
    says: 'Send the metadata of the app as application/json.',
  },
  'registration.software-statement': {
    code: 'invalid_software_statement',
    parameter: 'software_statement',
    says: 'Software statements are not supported; send the members themselves.',
  },
  'registration.wrong-token': {
    code: 'invalid_token',
    says: 'The token is unknown, or it is not for this.',
    fix: 'To register, send an initial access token of the platform. To read or change a registration, send its registration_access_token.',
  },
  'registration.no-token': {
    code: 'invalid_token',
    says: 'Send {what} in the Authorization header: Bearer and the token.',
  },
  'registration.other-client-id': {
    code: 'invalid_client_metadata',
    parameter: 'client_id',
    says: 'Send client_id, with the client_id of this registration.',
  },
  'registration.other-secret': {
    code: 'invalid_client_metadata',
    parameter: 'client_secret',
    says: 'The client_secret is not a secret of this app; leave it out.',
  },
  'logout.too-long': {
    code: 'invalid_request',
    parameter: 'state',
    says: 'The parameters together are too long. Send a shorter state.',
  },
  'logout.other-client': {
    code: 'invalid_request',
    parameter: 'client_id',
    says: 'The client_id is not that of the app which got the id_token_hint.',
  },
  ...rowsWith(
    {
      code: 'invalid_request',
      parameter: 'id_token_hint',
      fix: 'Send an ID token that this server gave this app, or leave it out and let the person sign out.',
    },
    {
      'logout.foreign-hint': 'The id_token_hint is not an ID token of this server, or it was changed.',
      'logout.hint-of-removed-app': 'The id_token_hint was given to an app that was removed.',
    },
  ),
  ...rowsWith(
    {
      code: 'invalid_request',
      parameter: 'post_logout_redirect_uri',
      fix: 'Send one of the post_logout_redirect_uris that the app has registered, letter for letter, together with the id_token_hint, or leave it out.',
    },
    {
      'logout.return-without-app':
        'With a post_logout_redirect_uri, also send the id_token_hint, or at least the client_id.',
      'logout.return-unregistered':
        'The post_logout_redirect_uri is not one that the app has registered. It must be the same, letter for letter.',
      'logout.none-registered': 'The post_logout_redirect_uri cannot be used: the app has registered none.',
    },
  ),
} as const satisfies Record<string, ProtocolRow>
