import { endOne } from '../kit/end-one.ts'

export default endOne({
  what: 'The app',
  type: 'app.ended',
  argument: { value: 'APP', sentence: 'The app: its uid or its code name.' },
  example: 'app end tidybooks',
  async find({ store }, given) {
    const found = (await store.apps.findLive(given)) ?? (await store.apps.findLiveByCodeName(given))
    return (
      found && {
        uid: found.uid,
        name: `"${found.name}"`,
        facts: { appUid: found.uid, directoryUid: found.directoryUid },
      }
    )
  },
  end: ({ store }, ...rest) => store.apps.end(...rest),
})
