import { command } from '../kit/command.ts'
import { day, endNote, table } from '../kit/table.ts'
import { withSite } from '../kit/with-site.ts'

export default command({
  options: {},
  more: 'The tokens themselves are kept nowhere: who has lost one revokes it and makes another.',
  examples: ['token list'],
  async run(_, around) {
    const tokens = await withSite(around, ({ store }) => store.platformTokens.list())
    const rows = tokens.map((each) => [
      each.uid,
      each.kind,
      each.directoryUid ?? '',
      each.name,
      day(each.createdAt),
      endNote(each.endedAt),
    ])
    return {
      text: table(
        ['UID', 'KIND', 'DIRECTORY', 'NAME', 'SINCE', ''],
        rows,
        'There are no tokens for the management API yet.',
      ),
      json: {
        tokens: tokens.map(({ uid, kind, directoryUid, name, createdAt, endedAt }) => ({
          uid,
          kind,
          directory_uid: directoryUid,
          name,
          created_at: createdAt,
          ended_at: endedAt,
        })),
      },
    }
  },
})
