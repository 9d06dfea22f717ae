import { endSecret } from '../../domain/apps/app-secrets.ts'
import { operatorActor } from '../../domain/audit/actor.ts'
import { endOne } from '../kit/end-one.ts'

export default endOne({
  what: 'The secret',
  argument: { value: 'UID', sentence: 'The secret, as `behalf secret list` names it.' },
  example: 'secret retire k3v9x0c2m5q8r1tz',
  async end(uid, site) {
    const ended = await endSecret(uid, undefined, operatorActor, site)
    return ended && { ...ended, name: `"${ended.name}" of the app "${ended.app?.name ?? ended.appUid}"` }
  },
})
