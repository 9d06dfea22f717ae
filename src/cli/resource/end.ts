import { operatorActor } from '../../domain/audit/actor.ts'
import { endResource } from '../../domain/tokens/resource.ts'
import { endOne } from '../kit/end-one.ts'

export default endOne({
  what: 'The resource',
  argument: { value: 'UID', sentence: 'The resource.' },
  example: 'resource end k3v9x0c2m5q8r1tz',
  async end(uid, site) {
    const ended = await endResource(uid, operatorActor, site)
    return ended && { ...ended, name: `"${ended.name}"` }
  },
})
