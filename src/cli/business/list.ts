import { command } from '../kit/command.ts'
import { day, endNote, table } from '../kit/table.ts'
import { withSite } from '../kit/with-site.ts'

export default command({
  options: {
    directory: { type: 'string', value: 'UID', sentence: 'Only the businesses of this directory.' },
  },
  examples: ['business list', 'business list --directory k3v9x0c2m5q8r1tz'],
  async run({ directory }, around) {
    const businesses = await withSite(around, ({ store }) => store.businesses.list(directory))
    const rows = businesses.map((each) => [
      each.uid,
      each.name,
      each.directoryUid,
      day(each.createdAt),
      endNote(each.endedAt),
    ])
    return {
      text: table(['UID', 'NAME', 'DIRECTORY', 'SINCE', ''], rows, 'There are no businesses yet.'),
      json: {
        businesses: businesses.map(({ uid, directoryUid, name, createdAt, endedAt }) => ({
          uid,
          directory_uid: directoryUid,
          name,
          created_at: createdAt,
          ended_at: endedAt,
        })),
      },
    }
  },
})
