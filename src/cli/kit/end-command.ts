import type { Ended } from '../../domain/parts.ts'
import type { Site } from '../../site.ts'
import { type Command, command } from './command.ts'
import { notFound } from './exit.ts'
import { withSite } from './with-site.ts'

interface Ending<Row> {
  /** The subject of the messages, such as `The business`. */
  what: string
  argument: { value: string; description: string }
  example: string
  /** The verb of the domain. */
  end(given: string, site: Site): Promise<Ended<Row> | undefined>
  /** How the message names what was ended. Default: by its name in quotes, or its uid. */
  nameOf?(ended: Ended<Row>): string
}

/** A command that ends one thing permanently. The exit code is 4 when it does not exist or was ended before. */
export function endCommand<Row extends { uid: string; name?: string }>(ending: Ending<Row>): Command {
  const { what, argument, example, end, nameOf = ({ uid, name }) => (name === undefined ? uid : `"${name}"`) } = ending
  return command({
    options: {},
    argument: { ...argument, required: true },
    more: 'This cannot be undone, and takes effect at once on every server.',
    examples: [example],
    async run(_, around, given = '') {
      const ended = await withSite(around, (site) => end(given, site))
      if (!ended) throw notFound(`${what} ${given} does not exist, or was ended before.`)
      return { text: `${what} ${nameOf(ended)} was ended.`, json: { uid: ended.uid, ended_at: ended.endedAt } }
    },
  })
}
