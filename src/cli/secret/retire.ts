import { endOne } from '../kit/end-one.ts'

export default endOne({
  what: 'The secret',
  type: 'app-secret.ended',
  argument: { value: 'UID', sentence: 'The secret, as `behalf secret list` names it.' },
  example: 'secret retire k3v9x0c2m5q8r1tz',
  async find({ store, clock }, uid) {
    const found = await store.appSecrets.findLive(uid, clock.now())
    const app = found && (await store.apps.findLive(found.appUid))
    if (!found) return undefined
    const facts = { appUid: found.appUid, directoryUid: app?.directoryUid ?? null, details: { name: found.name } }
    return { uid, name: `"${found.name}" of the app "${app?.name ?? found.appUid}"`, facts }
  },
  end: ({ store }, uid, at, event) => store.appSecrets.end(uid, at, event),
})
