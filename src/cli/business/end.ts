import { operatorActor } from '../../domain/audit/actor.ts'
import { endBusiness } from '../../domain/businesses/business.ts'
import { endOne } from '../kit/end-one.ts'

export default endOne({
  what: 'The business',
  argument: { value: 'UID', sentence: 'The business.' },
  example: 'business end k3v9x0c2m5q8r1tz',
  async end(uid, site) {
    const ended = await endBusiness(uid, operatorActor, site)
    return ended && { ...ended, name: `"${ended.name}"` }
  },
})
