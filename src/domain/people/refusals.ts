import { defineRefusals } from '../../kit/refusal.ts'

export const peopleRefusals = defineRefusals({
  'email.wrong': { status: 422, field: 'email', says: 'This is not an email address.' },
  'password.too-short': { status: 422, field: 'password', says: 'A password must have at least 8 characters.' },
  'password.too-long': { status: 422, field: 'password', says: 'A password must have at most 256 characters.' },
  'profile.uri': { status: 422, says: '{field} cannot be used: {fault}.' },
  'profile.date': { status: 422, says: '{field} must be a date such as 1990-12-31, or 0000-12-31, or a year.' },
  'profile.zone': { status: 422, says: '{field} must be a time zone such as Europe/Paris.' },
  'profile.language': { status: 422, says: '{field} must be a language tag such as en or pt-BR.' },
  'profile.phone': {
    status: 422,
    says: '{field} must be a number such as +33142685300: +, the country code and digits.',
  },
  'profile.address': {
    status: 422,
    says: '{field} must be a JSON object with some of {parts}, each a text of at most 6 lines.',
  },
  'person.no-phone': { status: 422, field: 'phone', says: 'This person has no phone number that could be verified.' },
  'person.changed-meanwhile': {
    status: 409,
    says: '{email} was changed or ended at the same moment. Read it and try again.',
  },
})

export const refuse: typeof peopleRefusals.refuse = peopleRefusals.refuse
