import { endOne } from '../kit/end-one.ts'

export default endOne({
  what: 'The directory',
  type: 'directory.ended',
  argument: { value: 'UID', sentence: 'The directory.' },
  example: 'directory end k3v9x0c2m5q8r1tz',
  async find({ store }, uid) {
    const found = await store.directories.find(uid)
    return found && { uid, name: `"${found.name}"`, facts: { directoryUid: uid } }
  },
  end: ({ store }, ...rest) => store.directories.end(...rest),
})
