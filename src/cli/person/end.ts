import { operatorActor } from '../../domain/audit/actor.ts'
import { command } from '../kit/command.ts'
import { Failure } from '../kit/exit.ts'
import { needPerson } from '../kit/need-person.ts'
import { withSite } from '../kit/with-site.ts'

export default command({
  options: {
    uid: { type: 'string', value: 'UID', sentence: 'The person, by uid, as the audit names them.' },
  },
  argument: { value: 'EMAIL', sentence: 'The e-mail of the person.' },
  more: [
    'It cannot be taken back, and works at once on every server: this person is signed out, signs in no more, and every token they gave',
    'for any business dies. The e-mail is free for somebody else. `behalf staff end` ends a membership in one business alone.',
  ].join('\n'),
  examples: ['person end dana@example.com', 'person end --uid k3v9x0c2m5q8r1tz'],
  async run({ uid }, around, email) {
    if ((uid === undefined) === (email === undefined)) {
      throw new Failure('usage', 'usage', 'Say which person: either the e-mail or --uid UID.')
    }
    const { endPerson } = await import('../../domain/people/end-person.ts')
    const ended = await withSite(around, async (site) => {
      const person = uid === undefined ? await needPerson(email!, site) : await site.store.people.find(uid)
      return person && endPerson(person, operatorActor, site)
    })
    if (!ended) throw new Failure('missing', 'not_found', 'This person is not there, or was ended before.')
    return { text: `${ended.email} was ended.`, json: { uid: ended.uid, email: ended.email, ended_at: ended.endedAt } }
  },
})
