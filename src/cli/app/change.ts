import { operatorActor } from '../../domain/audit/actor.ts'
import { command } from '../kit/command.ts'
import { Failure } from '../kit/exit.ts'
import { needApp } from '../kit/need-app.ts'
import { withSite } from '../kit/with-site.ts'
import { appJson, changeOptions, readOptions, withOptionNames } from './setting-options.ts'

export default command({
  options: changeOptions,
  argument: { value: 'APP', sentence: 'The app: its uid or its code name.', required: true },
  more: 'What is not named stays. A list is given whole: `--scope openid --scope email` replaces the scopes that were.',
  examples: [
    'app change tidybooks --token-lifetime 3600 --trusted false',
    'app change tidybooks --clear token-lifetime',
  ],
  async run(values, around, given) {
    const draft = readOptions(values as Record<string, string | string[]>)
    if (Object.keys(draft).length === 0) throw new Failure('usage', 'usage', 'Say what to change.')
    const { changeApp } = await import('../../domain/apps/app.ts')
    const app = await withSite(around, async (site) => {
      const { codeName } = await needApp(given!, site)
      return withOptionNames(() => changeApp(codeName, draft, operatorActor, site))
    })
    if (!app) throw new Failure('missing', 'not_found', 'There is no such app.', { app: given })
    return { text: `The app "${app.name}" is as you said: ${app.codeName}`, json: appJson(app) }
  },
})
