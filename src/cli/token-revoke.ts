import { command } from './command.ts'
import { Failure } from './exit.ts'
import { OPERATOR, withSite } from './with-site.ts'

export default command({
  options: {
    uid: { type: 'string', value: 'UID', sentence: 'The token, by the uid it was made with.' },
  },
  argument: { value: 'TOKEN', sentence: 'The token itself.' },
  examples: ['token revoke --uid k3v9x0c2m5q8r1tz', 'token revoke 5f0c…'],
  async run({ uid }, around, token) {
    if ((uid === undefined) === (token === undefined)) {
      throw new Failure('usage', 'usage', 'Say which token: either the token itself or --uid UID.')
    }
    const [{ newEvent }, { findPlatformToken }] = await Promise.all([
      import('../domain/events.ts'),
      import('../domain/platform-token.ts'),
    ])
    const ended = await withSite(around, async (site) => {
      const { store, clock } = site
      const at = clock.now()
      const row = token === undefined ? undefined : await findPlatformToken(token, site)
      const subject = uid ?? row?.uid
      const facts = { actor: OPERATOR, subject, directoryUid: row?.directoryUid }
      const isEnded =
        subject !== undefined &&
        (await store.platformTokens.end({ uid: subject }, at, newEvent('platform-token.ended', at, facts)))
      if (!isEnded) throw new Failure('missing', 'not_found', 'This token is not there, or was revoked before.')
      return { uid: subject, ended_at: at }
    })
    return { text: `The token ${ended.uid} was revoked.`, json: ended }
  },
})
