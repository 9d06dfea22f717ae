import { endOne } from '../kit/end-one.ts'

export default endOne({
  what: 'The resource',
  type: 'resource.ended',
  argument: { value: 'UID', sentence: 'The resource.' },
  example: 'resource end k3v9x0c2m5q8r1tz',
  async find({ store }, given) {
    const found = await store.resources.find(given)
    return found && { uid: found.uid, name: `"${found.name}"`, facts: { directoryUid: found.directoryUid } }
  },
  end: ({ store }, ...rest) => store.resources.end(...rest),
})
