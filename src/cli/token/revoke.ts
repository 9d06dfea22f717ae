import { operatorActor } from '../../domain/audit/actor.ts'
import type { Ended } from '../../domain/parts.ts'
import type { EndedToken } from '../../domain/tokens/end-token.ts'
import { command, type Outcome } from '../kit/command.ts'
import { Failure } from '../kit/exit.ts'
import { needApp } from '../kit/need-app.ts'
import { withSite } from '../kit/with-site.ts'

export default command({
  options: {
    uid: { type: 'string', value: 'UID', sentence: 'A token for the management API, by the uid it was made with.' },
    app: {
      type: 'string',
      value: 'APP',
      sentence: 'All tokens that this app got for itself, by its uid or its code name.',
    },
  },
  argument: { value: 'TOKEN', sentence: 'The token itself.' },
  more: [
    'Every server refuses the token from now on. Whoever checks an access token in JWT form without asking a server believes it until it',
    'expires. With a refresh token everything ends that came of the same approval, with an access token nothing but itself. To end all tokens',
    'of an app in a business there is `behalf install end`.',
  ].join('\n'),
  examples: ['token revoke --uid k3v9x0c2m5q8r1tz', 'token revoke 5f0c…', 'token revoke --app tidybooks'],
  async run({ uid, app }, around, token) {
    if ([uid, app, token].filter((each) => each !== undefined).length !== 1) {
      throw new Failure('usage', 'usage', 'Say which token: either the token itself, --uid UID or --app APP.')
    }
    const [tokens, platform] = await Promise.all([
      import('../../domain/tokens/end-token.ts'),
      import('../../domain/tokens/platform-token.ts'),
    ])
    const ended = await withSite(around, async (site) => {
      if (app !== undefined) {
        const found = await needApp(app, site)
        const endedAt = await tokens.endOwnTokens(found, operatorActor, site)
        const text = `All tokens that "${found.name}" got for itself were revoked.`
        return endedAt === undefined ? undefined : { text, json: { app_uid: found.uid, ended_at: endedAt } }
      }
      const found = token === undefined ? { uid: uid! } : await platform.findLivePlatformToken(token, site)
      if (token !== undefined && !found) return outcome(await tokens.endToken(token, operatorActor, site))
      return platformOutcome(found && (await platform.endPlatformToken(found.uid, operatorActor, site)))
    })
    if (!ended) throw new Failure('missing', 'not_found', 'This token is not there, or was revoked before.')
    return ended
  },
})

function platformOutcome(ended: Ended<{ uid: string }> | undefined): Outcome | undefined {
  if (!ended) return undefined
  return { text: `The token ${ended.uid} was revoked.`, json: { uid: ended.uid, ended_at: ended.endedAt } }
}

function outcome(ended: EndedToken | undefined): Outcome | undefined {
  if (!ended) return undefined
  const { kind, appUid, principal, endedAt } = ended
  const json = { app_uid: appUid, ...(principal && { business_uid: principal.businessUid }), ended_at: endedAt }
  if (!principal) return { text: `The token of the app ${appUid} alone was revoked.`, json }
  const owner = `of the app ${appUid} for "${principal.businessName}"`
  const text =
    kind === 'access_token'
      ? `The access token ${owner} was revoked.`
      : `The refresh token ${owner}, with all that came of the same approval, was revoked.`
  return { text, json }
}
