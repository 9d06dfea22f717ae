import { operatorActor } from '../../domain/audit/actor.ts'
import type { EventFields, EventType } from '../../domain/audit/events.ts'
import type { Site } from '../../site.ts'
import type { Event } from '../../store/nouns/events.ts'
import { type Command, command } from './command.ts'
import { Failure } from './exit.ts'
import { withSite } from './with-site.ts'

interface Ending {
  /** What is ended, as a sentence has it: `The business`. */
  what: string
  type: EventType
  argument: { value: string; sentence: string }
  example: string
  /** Finds it; undefined when there is none. */
  find(site: Site, given: string): Promise<{ uid: string; name: string; facts?: EventFields } | undefined>
  end(site: Site, uid: string, at: number, event: Event): Promise<boolean>
}

/** A command that ends one thing for good. Ending what has ended already is exit code 4, like what never was. */
export function endOne({ what, type, argument, example, find, end }: Ending): Command {
  return command({
    options: {},
    argument: { ...argument, required: true },
    more: 'It cannot be taken back, and works at once on every server.',
    examples: [example],
    async run(_, around, given) {
      const { newEvent } = await import('../../domain/audit/events.ts')
      const { uid, name, endedAt } = await withSite(around, async (site) => {
        const found = await find(site, given!)
        const at = site.clock.now()
        const isEnded =
          found &&
          (await end(site, found.uid, at, newEvent(type, at, operatorActor, { subject: found.uid, ...found.facts })))
        if (!isEnded) throw new Failure('missing', 'not_found', `${what} ${given} is not there, or was ended before.`)
        return { ...found, endedAt: at }
      })
      return { text: `${what} ${name} was ended.`, json: { uid, ended_at: endedAt } }
    },
  })
}
