import { operatorActor } from '../domain/audit/actor.ts'
import { type EndedToken, endOwnTokens, endToken } from '../domain/tokens/end-token.ts'
import { createPlatformToken, endPlatformToken, findLivePlatformToken } from '../domain/tokens/platform-token.ts'
import type { Site } from '../site.ts'
import { command, type Outcome } from './kit/command.ts'
import { notFound, usageFailure } from './kit/exit.ts'
import { listCommand } from './kit/list-command.ts'
import { checkOneOwner, needApp } from './kit/need.ts'
import { pickJson } from './kit/pick-json.ts'
import { withSite } from './kit/with-site.ts'

export const create = command({
  options: {
    directory: { value: 'UID', description: 'The directory whose partner uses it, or that will own the apps.' },
    internal: { flag: true, description: "The platform's own: it can do everything, for every directory." },
    registration: { flag: true, description: 'An initial access token: it can only register apps at /oauth/register.' },
    name: { required: true, description: 'What it is for, to tell it from others.' },
  },
  examples: [
    'token create --directory DIRECTORY_UID --name "Harbour, app registration"',
    'token create --internal --name "deployment" --json',
    'token create --registration --directory DIRECTORY_UID --name "Harbour, assistants"',
  ],
  async run({ directory, internal, registration, name }, around) {
    if (registration && internal) throw usageFailure('Use either --internal or --registration.')
    if (!registration) checkOneOwner({ directory, internal }, 'token')
    const kind = registration ? 'registration' : internal ? 'internal' : 'directory'
    const { token, row } = await withSite(
      around,
      (site) => createPlatformToken({ kind, directoryUid: directory ?? null, name }, operatorActor, site),
      directory === undefined,
    )
    return {
      text: [
        `The ${kind} token "${row.name}" was created: ${row.uid}`,
        '',
        `  ${token}`,
        '',
        'The token is shown only once. Send it as `Authorization: Bearer …`. Revoke it with:',
        `  behalf token revoke --uid ${row.uid}`,
      ].join('\n'),
      json: { token, ...pickJson(row, 'uid', 'kind', 'directoryUid', 'name') },
    }
  },
})

export const list = listCommand({
  of: 'tokens',
  options: {},
  more: 'The tokens themselves are not stored. If you lost one, revoke it and create another.',
  examples: ['token list'],
  rows: (_, { store }) => store.platformTokens.list(),
  columns: { UID: 'uid', KIND: 'kind', DIRECTORY: 'directoryUid', NAME: 'name', SINCE: 'createdAt', '': 'endedAt' },
  json: ['uid', 'kind', 'directoryUid', 'name', 'createdAt', 'endedAt'],
  none: 'There are no tokens for the management API yet.',
})

export const revoke = command({
  options: {
    uid: { value: 'UID', description: 'The uid of a token for the management API.' },
    app: { value: 'APP', description: 'All tokens that this app got for itself: its uid or code name.' },
  },
  argument: { value: 'TOKEN', description: 'The token itself.' },
  more: [
    'Every server refuses the token from now on. An API that checks access tokens in JWT form without asking a server accepts one until it',
    'expires. A refresh token ends together with all tokens of its approval, an access token ends by itself. `behalf install end` ends all',
    'tokens of an app in a business.',
  ].join('\n'),
  examples: ['token revoke --uid UID', 'token revoke 5f0c…', 'token revoke --app tidybooks'],
  async run({ uid, app }, around, token) {
    if ([uid, app, token].filter((each) => each !== undefined).length !== 1) {
      throw usageFailure('Say which token: either the token itself, --uid UID or --app APP.')
    }
    const outcome = await withSite(around, async (site) => {
      if (app !== undefined) return revokeOwn(app, site)
      const platformUid = uid ?? (await findLivePlatformToken(token!, site))?.uid
      return platformUid === undefined ? revokeToken(token!, site) : revokePlatformToken(platformUid, site)
    })
    if (!outcome) throw notFound('This token does not exist, or was revoked before.')
    return outcome
  },
})

async function revokeOwn(given: string, site: Site): Promise<Outcome> {
  const app = await needApp(given, site)
  const endedAt = await endOwnTokens(app, operatorActor, site)
  if (endedAt === undefined) throw notFound(`"${app.name}" has no tokens of its own.`)
  return {
    text: `All tokens that "${app.name}" got for itself were revoked.`,
    json: { app_uid: app.uid, ended_at: endedAt },
  }
}

async function revokePlatformToken(uid: string, site: Site): Promise<Outcome | undefined> {
  const token = await endPlatformToken(uid, operatorActor, site)
  return token && { text: `The token ${uid} was revoked.`, json: { uid, ended_at: token.endedAt } }
}

async function revokeToken(presented: string, site: Site): Promise<Outcome | undefined> {
  const token = await endToken(presented, operatorActor, site)
  if (!token) return undefined
  const { principal } = token
  const json = { ...pickJson(token, 'appUid', 'endedAt'), ...(principal && { business_uid: principal.businessUid }) }
  return { text: `${nameOf(token)} revoked.`, json }
}

function nameOf({ kind, appUid, principal }: EndedToken): string {
  if (!principal) return `The token that the app ${appUid} got for itself was`
  const owner = `of the app ${appUid} for "${principal.businessName}"`
  if (kind === 'access_token') return `The access token ${owner} was`
  return `The refresh token ${owner} and all tokens of its approval were`
}
