import { endOne } from '../kit/end-one.ts'

export default endOne({
  what: 'The business',
  type: 'business.ended',
  argument: { value: 'UID', sentence: 'The business.' },
  example: 'business end k3v9x0c2m5q8r1tz',
  async find({ store }, uid) {
    const found = await store.businesses.find(uid)
    return found && { uid, name: `"${found.name}"`, facts: { directoryUid: found.directoryUid, businessUid: uid } }
  },
  end: ({ store }, ...rest) => store.businesses.end(...rest),
})
