import { operatorActor } from '../../domain/audit/actor.ts'
import { command } from '../kit/command.ts'
import { Failure } from '../kit/exit.ts'
import { needApp } from '../kit/need-app.ts'
import { withSite } from '../kit/with-site.ts'

export default command({
  options: {
    app: { type: 'string', value: 'APP', required: true, sentence: 'The app: its uid or its code name.' },
    business: { type: 'string', value: 'UID', required: true, sentence: 'The business that is to be without it.' },
  },
  more: 'It works at once on every server. People of the business may connect the app again, and are asked again.',
  examples: ['install end --app tidybooks --business k3v9x0c2m5q8r1tz'],
  async run({ app: given, business }, around) {
    const { disconnectApp } = await import('../../domain/installs/disconnect-app.ts')
    return withSite(around, async (site) => {
      const app = await needApp(given, site)
      const ended = await disconnectApp(app, business, operatorActor, site)
      if (!ended) {
        throw new Failure('missing', 'not_found', `The app ${given} is not connected to the business ${business}.`)
      }
      return {
        text: `The app "${app.name}" was disconnected from the business ${business}.`,
        json: { uid: ended.uid, app_uid: app.uid, business_uid: business, ended_at: ended.endedAt },
      }
    })
  },
})
