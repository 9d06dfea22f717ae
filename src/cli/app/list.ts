import type { App } from '../../store/nouns/apps.ts'
import { command } from '../kit/command.ts'
import { day, table } from '../kit/table.ts'
import { withSite } from '../kit/with-site.ts'
import { appJson } from './setting-options.ts'

const PAGE = 500

export default command({
  options: {
    directory: { type: 'string', value: 'UID', sentence: 'Only the apps of this directory.' },
  },
  examples: ['app list', 'app list --directory k3v9x0c2m5q8r1tz'],
  async run({ directory }, around) {
    const apps = await withSite(around, async ({ store }) => {
      const all: App[] = []
      for (;;) {
        const page = await store.apps.list(directory, PAGE, all.at(-1)?.uid)
        all.push(...page)
        if (page.length < PAGE) return all
      }
    })
    const rows = apps.map((each) => [
      each.uid,
      each.codeName,
      each.name,
      each.directoryUid ?? (each.origin === 'platform' ? 'internal' : ''),
      [each.trusted && 'trusted', each.public && 'public', each.origin !== 'platform' && each.origin]
        .filter(Boolean)
        .join(' '),
      day(each.createdAt),
    ])
    return {
      text: table(['UID', 'CODE NAME', 'NAME', 'DIRECTORY', 'KIND', 'SINCE'], rows, 'There are no apps yet.'),
      json: {
        apps: apps.map((app) => ({ ...appJson(app), origin: app.origin, created_at: app.createdAt })),
      },
    }
  },
})
