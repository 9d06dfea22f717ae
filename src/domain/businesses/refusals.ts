import { defineRefusals } from '../../kit/refusal.ts'

const GONE = 'Take a uid from the list: `behalf directory list`, `behalf business list`.'

export const businessRefusals = defineRefusals({
  'name.empty': { status: 422, says: '{field} must hold something to read.' },
  'name.too-long': { status: 422, says: '{field} must have at most {most} characters.' },
  'name.unseen': { status: 422, says: '{field} holds a control or an invisible character.' },
  'business.unknown': {
    status: 404,
    field: 'business',
    says: 'There is no such business, or it was ended.',
    fix: GONE,
  },
  'business.unknown-directory': {
    status: 404,
    field: 'directory',
    says: 'There is no such directory, or it was ended.',
    fix: GONE,
  },
  'directory.no-host': { status: 422, field: 'host', says: 'A directory needs at least one host.' },
  'directory.too-many-hosts': { status: 422, field: 'host', says: 'A directory has at most {most} hosts.' },
  'directory.not-a-host': {
    status: 422,
    field: 'host',
    says: '{shown} is not a host. Write it without scheme, port and path: app.example.com.',
  },
  'directory.host-taken': { status: 409, field: 'host', says: 'Another directory has the host {hosts} already.' },
  'brand.colour': { status: 422, says: 'The {field} colour must be written as #rrggbb, such as #2f55a4.' },
  'brand.locale': { status: 422, field: 'locale', says: 'The locale must be a language tag such as en, he or pt-BR.' },
  'brand.logo-too-large': {
    status: 422,
    field: 'logo',
    says: 'The logo has {bytes} bytes; at most {most} are possible.',
  },
  'brand.logo-type': { status: 422, field: 'logo', says: 'The logo must be a PNG, JPEG, WebP or SVG image.' },
  'staff.already': { status: 409, field: 'email', says: '{email} is staff of this business already.' },
  'staff.other-person': { status: 409, field: 'email', says: '{email} belongs to another person.' },
  'staff.no-name': { status: 422, field: 'name', says: 'Nobody has this e-mail yet, so a name is needed.' },
  'staff.role': {
    status: 422,
    field: 'role',
    says: 'A role is 1 to 40 lower-case letters, digits, - and _, such as owner, admin or front-desk.',
  },
})

export const { refusal } = businessRefusals
export const refuse: typeof businessRefusals.refuse = businessRefusals.refuse
