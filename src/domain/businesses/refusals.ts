import { defineRefusals } from '../../kit/refusal.ts'

const FROM_LIST = 'Take a uid from the list: `behalf directory list`, `behalf business list`.'

export const businessRefusals = defineRefusals({
  'name.invisible': { status: 422, says: '{field} must have a visible character.' },
  'name.too-long': { status: 422, says: '{field} must have at most {most} characters.' },
  'name.unseen-character': { status: 422, says: '{field} has a control character or an invisible character.' },
  'business.unknown': {
    status: 404,
    field: 'business',
    says: 'There is no such business, or it was ended.',
    fix: FROM_LIST,
  },
  'directory.unknown': {
    status: 422,
    field: 'directoryUid',
    says: 'There is no such directory, or it was ended.',
    fix: 'Take its uid from `behalf directory list`.',
  },
  'directory.no-host': { status: 422, field: 'host', says: 'A directory needs at least one host.' },
  'directory.too-many-hosts': { status: 422, field: 'host', says: 'A directory has at most {most} hosts.' },
  'directory.not-a-host': {
    status: 422,
    field: 'host',
    says: '{shown} is not a host. Write it without scheme, port and path: app.example.com.',
  },
  'directory.support': {
    status: 422,
    field: 'support',
    says: 'The support contact must be an https URL of at most 1000 characters, or an email address.',
  },
  'directory.privacy': {
    status: 422,
    field: 'privacy',
    says: 'The privacy policy must be an https URL of at most 1000 characters.',
  },
  'directory.changed-meanwhile': {
    status: 503,
    says: 'This directory was changed at the same moment. Please try again.',
    retryAfter: 2,
  },
  'directory.host-taken': { status: 409, field: 'host', says: 'Another directory already has the host {hosts}.' },
  'brand.colour': { status: 422, says: 'The {field} colour must be written as #rrggbb, such as #2f55a4.' },
  'brand.locale': { status: 422, field: 'locale', says: 'The locale must be a language tag such as en, he or pt-BR.' },
  'brand.logo-too-large': { status: 422, field: 'logo', says: 'The logo has {bytes} bytes. The most is {most}.' },
  'brand.logo-type': { status: 422, field: 'logo', says: 'The logo must be a PNG, JPEG, WebP or SVG image.' },
  'staff.already': { status: 409, field: 'email', says: '{email} is already staff of this business.' },
  'staff.other-person': { status: 409, field: 'email', says: '{email} belongs to another person.' },
  'staff.no-name': { status: 422, field: 'name', says: 'No person has this email yet, so a name is required.' },
  'staff.role': {
    status: 422,
    field: 'role',
    says: 'A role is 1 to 40 lower-case letters, digits, - and _, such as owner, admin or front-desk.',
  },
})

export const refusal: typeof businessRefusals.refusal = businessRefusals.refusal
export const refuse: typeof businessRefusals.refuse = businessRefusals.refuse
