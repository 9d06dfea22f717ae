import { defineRefusals } from '../kit/refusal.ts'

const TOKEN = 'Make one with `behalf token create`.'

/** What the management API itself refuses. Apps, secrets and resources have tables in src/domain. */
export const platformRefusals = defineRefusals({
  'caller.no-token': {
    status: 401,
    says: 'Send a directory token or an internal token in the Authorization header: Bearer and the token.',
    fix: TOKEN,
  },
  'caller.unknown-token': { status: 401, code: 'invalid_token', says: 'The token is unknown or revoked.', fix: TOKEN },
  'caller.registration-token': {
    status: 403,
    says: '{acts} with a directory token or an internal token. This one is for POST /oauth/register.',
    fix: TOKEN,
  },
  'caller.access-token': {
    status: 403,
    says: '{acts} with a directory token or an internal token.',
    fix: 'The access token of an app is not accepted here. Make a token with `behalf token create`.',
  },
  'body.misnamed': { status: 422, says: '{parameter} is called {meant} here.' },
  'body.nested-form': { status: 400, says: 'A form cannot have lists or objects here. Send them as JSON.' },
  'page.not-a-number': { status: 422, says: '{parameter} must be a whole number from 1 to {most}.' },
  'app.unknown': { status: 404, says: 'There is no such app.', fix: 'List the apps that this token may see.' },
  'resource.unknown': {
    status: 404,
    says: 'There is no such resource.',
    fix: 'List the resources that this token may see.',
  },
  'secret.unknown': {
    status: 404,
    says: 'This app has no such secret, or it was retired or has expired.',
    fix: 'List the secrets of the app.',
  },
})

export const refuse: typeof platformRefusals.refuse = platformRefusals.refuse
