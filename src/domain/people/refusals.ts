import { defineRefusals } from '../../kit/refusal.ts'

export const peopleRefusals = defineRefusals({
  'email.wrong': { status: 422, says: 'This is not an email address.' },
  'password.too-short': { status: 422, says: 'A password must have at least 8 characters.' },
  'password.too-long': { status: 422, says: 'A password must have at most 256 characters.' },
  'profile.wrong': { status: 422, says: '{field} {why}.' },
  'person.no-phone': { status: 422, field: 'phone', says: 'This person has no phone number that could be verified.' },
  'person.changed-meanwhile': {
    status: 409,
    says: '{email} was changed or ended at the same moment. Read it and try again.',
  },
})

export const refuse: typeof peopleRefusals.refuse = peopleRefusals.refuse
