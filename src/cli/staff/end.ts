import { endOne } from '../kit/end-one.ts'

export default endOne({
  what: 'The membership',
  type: 'staff.ended',
  argument: { value: 'UID', sentence: 'The membership, as `behalf staff list` names it.' },
  example: 'staff end k3v9x0c2m5q8r1tz',
  async find({ store }, uid) {
    const found = await store.staff.find(uid)
    return found && { uid, name: uid, facts: { businessUid: found.businessUid } }
  },
  end: ({ store }, ...rest) => store.staff.end(...rest),
})
