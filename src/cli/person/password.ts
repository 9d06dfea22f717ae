import { operatorActor } from '../../domain/audit/actor.ts'
import { command } from '../kit/command.ts'
import { Failure } from '../kit/exit.ts'
import { needPerson } from '../kit/need-person.ts'
import { withSite } from '../kit/with-site.ts'

export default command({
  options: {
    email: { type: 'string', value: 'ADDRESS', required: true, sentence: 'The e-mail of the person.' },
    password: {
      type: 'string',
      value: 'PASSWORD',
      sentence: 'The new password. Others on this machine can read command lines: better leave it out.',
    },
  },
  more: [
    'The old password and every session of this person end at once, on every server. The password is asked for on the terminal, or',
    'read as one line from standard input when that is no terminal. What the person allowed apps to do stands: `behalf install end`',
    'disconnects one.',
  ].join('\n'),
  examples: [
    'person password --email dana@example.com',
    'person password --email dana@example.com --json < password.txt',
  ],
  async run({ email, password }, around) {
    const [{ setPassword }, { checkPassword }, { askPassword }] = await Promise.all([
      import('../../domain/people/set-password.ts'),
      import('../../domain/people/person.ts'),
      import('../kit/ask-password.ts'),
    ])
    const person = await withSite(around, async (site) => {
      const found = await needPerson(email, site)
      const secret = password ?? (await askPassword(`New password for ${found.email}: `, checkPassword))
      if (!(await setPassword(found, secret, operatorActor, site))) {
        throw new Failure('missing', 'not_found', `${found.email} was ended meanwhile.`)
      }
      return found
    })
    return {
      text: `${person.email} has a new password and was signed out everywhere.`,
      json: { uid: person.uid, email: person.email },
    }
  },
})
