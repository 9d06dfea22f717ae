import type { ResourceServer } from '../../store/nouns/resources.ts'
import { command } from '../kit/command.ts'
import { day, table } from '../kit/table.ts'
import { withSite } from '../kit/with-site.ts'

const PAGE = 500

export default command({
  options: {
    directory: { type: 'string', value: 'UID', sentence: 'Only the resources of this directory.' },
  },
  examples: ['resource list', 'resource list --directory k3v9x0c2m5q8r1tz'],
  async run({ directory }, around) {
    const resources = await withSite(around, async ({ store }) => {
      const all: ResourceServer[] = []
      for (;;) {
        const page = await store.resources.list(directory, PAGE, all.length)
        all.push(...page)
        if (page.length < PAGE) return all
      }
    })
    const rows = resources.map((each) => [
      each.uid,
      each.identifier,
      each.name,
      each.directoryUid ?? 'internal',
      each.secretDigest === null ? '' : 'introspects',
      day(each.createdAt),
    ])
    const none = 'There are no resources yet.'
    return {
      text: table(['UID', 'IDENTIFIER', 'NAME', 'DIRECTORY', 'KIND', 'SINCE'], rows, none),
      json: {
        resources: resources.map((each) => ({
          uid: each.uid,
          identifier: each.identifier,
          name: each.name,
          directory_uid: each.directoryUid,
          scopes: each.scopes,
          token_format: each.tokenFormat,
          token_lifetime: each.tokenLifetime,
          introspection: each.secretDigest !== null,
          created_at: each.createdAt,
        })),
      },
    }
  },
})
