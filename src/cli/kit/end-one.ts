import type { Ended } from '../../domain/parts.ts'
import type { Site } from '../../site.ts'
import { type Command, command } from './command.ts'
import { Failure } from './exit.ts'
import { withSite } from './with-site.ts'

interface Ending {
  /** What is ended, as a sentence has it: `The business`. */
  what: string
  argument: { value: string; sentence: string }
  example: string
  /** The verb of the domain. `name` is what the answer calls the thing that was ended. */
  end(given: string, site: Site): Promise<Ended<{ uid: string; name: string }> | undefined>
}

/** A command that ends one thing for good. What is not there, or has ended before, is exit code 4. */
export function endOne({ what, argument, example, end }: Ending): Command {
  return command({
    options: {},
    argument: { ...argument, required: true },
    more: 'It cannot be taken back, and works at once on every server.',
    examples: [example],
    async run(_, around, given = '') {
      const ended = await withSite(around, (site) => end(given, site))
      if (!ended) throw new Failure('missing', 'not_found', `${what} ${given} is not there, or was ended before.`)
      const { uid, name, endedAt } = ended
      return { text: `${what} ${name} was ended.`, json: { uid, ended_at: endedAt } }
    },
  })
}
