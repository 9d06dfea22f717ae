import { defineRefusals } from '../../kit/refusal.ts'

const SCOPES = 'Use names from scopes_supported in the metadata.'

export const tokenRefusals = defineRefusals({
  'scope.unregistrable': {
    status: 422,
    field: 'scopes',
    says: 'The scope {scope} does not exist{nearest}.',
    fix: SCOPES,
  },
  'scope.platform-only': {
    status: 422,
    field: 'scopes',
    says: 'Only the platform may register an app for the scope {scope}.',
    fix: 'Leave it out, or ask the platform to register the app.',
  },
  'resource.identifier': {
    status: 422,
    field: 'identifier',
    says: '{field} must be an absolute URI such as https://api.example.com: {fault}.',
  },
  'resource.identifier-taken': {
    status: 422,
    field: 'identifier',
    says: 'This identifier is already registered, by you or by another directory.',
    fix: 'Choose another identifier, or change the resource that has this one.',
  },
  'resource.identifier-of-app': {
    status: 422,
    field: 'identifier',
    says: '{field} is the client_id of an app, so tokens for the resource would look like ID tokens of the app.',
    fix: 'Choose another identifier.',
  },
  'resource.other-directory': {
    status: 422,
    field: 'directoryUid',
    says: 'A directory may register only its own resources. Leave {field} out.',
  },
  'resource.changed-meanwhile': {
    status: 503,
    retryAfter: 2,
    says: 'Another request is changing this resource. Please try again.',
  },
  'resource.of-the-platform': {
    status: 422,
    says: "{field} cannot be set for the platform's own API.",
  },
  'resource.no-scopes': {
    status: 422,
    field: 'scopes',
    says: '{field} is empty. Send at least one scope, or leave it out for all.',
  },
  'resource.too-many-scopes': { status: 422, field: 'scopes', says: '{field} may contain at most {most} names.' },
  'resource.unknown-scope': { status: 422, field: 'scopes', says: 'The scope {scope} does not exist.', fix: SCOPES },
  'token.internal-with-directory': {
    status: 422,
    field: 'directoryUid',
    says: 'An internal token belongs to the platform, not to a directory.',
    fix: 'Leave the directory out, or create a directory token.',
  },
})

export const refusal: typeof tokenRefusals.refusal = tokenRefusals.refusal
export const refuse: typeof tokenRefusals.refuse = tokenRefusals.refuse
