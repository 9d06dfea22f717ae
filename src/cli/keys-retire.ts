import { command } from './command.ts'
import { Failure } from './exit.ts'
import { OPERATOR, withSite } from './with-site.ts'

export default command({
  options: {},
  argument: { value: 'KID', required: true, sentence: 'The key, as `behalf keys list` names it.' },
  more: [
    'For a key whose private half somebody else may know. It is published no more and signs no more, here at once and on other',
    'servers within a minute; what it signed is no longer believed. When no other key could sign, a new one does from now on.',
  ].join('\n'),
  examples: ['keys retire NIanODDYTJcZnsGQAXX1HCIg2JoVQTnmJXiff3Dce_4'],
  async run(_, around, kid = '') {
    const { newEvent } = await import('../domain/events.ts')
    const at = await withSite(around, async ({ keys, store, clock }) => {
      if (!(await keys.retire(kid))) {
        throw new Failure('missing', 'not_found', `The key ${kid} is not there, or was retired before.`)
      }
      const now = clock.now()
      await store.events.add(newEvent('key.retired', now, { actor: OPERATOR, subject: kid }))
      return now
    })
    return { text: `The key ${kid} was retired.`, json: { kid, retired_at: at } }
  },
})
