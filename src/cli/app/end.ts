import { endApp } from '../../domain/apps/end-app.ts'
import { operatorActor } from '../../domain/audit/actor.ts'
import { endOne } from '../kit/end-one.ts'
import { findLiveApp } from '../kit/need-app.ts'

export default endOne({
  what: 'The app',
  argument: { value: 'APP', sentence: 'The app: its uid or its code name.' },
  example: 'app end tidybooks',
  async end(given, site) {
    const app = await findLiveApp(given, site)
    const ended = app && (await endApp(app, operatorActor, site))
    return ended && { ...ended, name: `"${ended.name}"` }
  },
})
