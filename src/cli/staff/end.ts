import { operatorActor } from '../../domain/audit/actor.ts'
import { endStaff } from '../../domain/businesses/staff.ts'
import { endOne } from '../kit/end-one.ts'

export default endOne({
  what: 'The membership',
  argument: { value: 'UID', sentence: 'The membership, as `behalf staff list` names it.' },
  example: 'staff end k3v9x0c2m5q8r1tz',
  async end(uid, site) {
    const ended = await endStaff(uid, operatorActor, site)
    return ended && { ...ended, name: uid }
  },
})
