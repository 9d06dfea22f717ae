import { command } from '../kit/command.ts'
import { day, endNote, table } from '../kit/table.ts'
import { withSite } from '../kit/with-site.ts'

export default command({
  options: {},
  examples: ['directory list'],
  async run(_, around) {
    const directories = await withSite(around, ({ store }) => store.directories.list())
    const rows = directories.map((each) => [each.uid, each.name, each.host, day(each.createdAt), endNote(each.endedAt)])
    return {
      text: table(['UID', 'NAME', 'HOST', 'SINCE', ''], rows, 'There are no directories yet.'),
      json: {
        directories: directories.map(({ uid, name, host, createdAt, endedAt }) => ({
          uid,
          name,
          host,
          created_at: createdAt,
          ended_at: endedAt,
        })),
      },
    }
  },
})
