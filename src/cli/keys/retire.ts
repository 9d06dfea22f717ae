import { operatorActor } from '../../domain/audit/actor.ts'
import { command } from '../kit/command.ts'
import { Failure } from '../kit/exit.ts'
import { withSite } from '../kit/with-site.ts'

export default command({
  options: {},
  argument: { value: 'KID', required: true, sentence: 'The key, as `behalf keys list` names it.' },
  more: [
    'For a key whose private half somebody else may know. Within seconds no server publishes it or signs with it any more, and what it',
    'signed is no longer believed. When no other published key could sign, a new one does from now on.',
  ].join('\n'),
  examples: ['keys retire NIanODDYTJcZnsGQAXX1HCIg2JoVQTnmJXiff3Dce_4'],
  async run(_, around, kid = '') {
    const at = await withSite(around, async ({ keys, clock }) => {
      if (!(await keys.retire(kid, operatorActor))) {
        throw new Failure('missing', 'not_found', `The key ${kid} is not there, or was retired before.`)
      }
      return clock.now()
    })
    return { text: `The key ${kid} was retired.`, json: { kid, retired_at: at } }
  },
})
