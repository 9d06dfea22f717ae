import { operatorActor } from '../../domain/audit/actor.ts'
import { endDirectory } from '../../domain/businesses/directory.ts'
import { endOne } from '../kit/end-one.ts'

export default endOne({
  what: 'The directory',
  argument: { value: 'UID', sentence: 'The directory.' },
  example: 'directory end k3v9x0c2m5q8r1tz',
  async end(uid, site) {
    const ended = await endDirectory(uid, operatorActor, site)
    return ended && { ...ended, name: `"${ended.name}"` }
  },
})
