import { changeApp, findLiveApp, registerApp } from '../domain/apps/app.ts'
import type { AppDraft } from '../domain/apps/app-draft.ts'
import { nameOn } from '../domain/apps/settings.ts'
import { PROFILE_SETTINGS } from '../domain/apps/settings-of-profile.ts'
import { readWire, writeWire } from '../domain/apps/wire.ts'
import type { Actor } from '../domain/audit/actor.ts'
import type { Endpoint } from '../endpoint.ts'
import type { Incoming } from '../http/incoming.ts'
import { printable } from '../http/params.ts'
import { json } from '../http/reply.ts'
import type { Site } from '../site.ts'
import type { App } from '../store/nouns/apps.ts'
import { readPage } from './fields.ts'
import { platformEndpoint } from './platform-endpoint.ts'
import { refuse } from './refusals.ts'

/** The endpoints that create, list, show and change apps. */
export const appEndpoints: readonly Endpoint[] = [
  // Only this answer has the secret.
  platformEndpoint('POST', 'apps', 'Apps are created', async (incoming, site, caller) => {
    const { app, secret } = await registerApp(readApp(await incoming.json()), caller, site)
    const data = {
      app_code_name: app.codeName,
      app_id: app.uid,
      client_id: app.clientId,
      client_secret: secret,
      name: app.name,
      access_token_format: app.accessTokenFormat,
      client_auth_jwks_uri: app.jwksUri,
      ...presentProfile(app),
    }
    return json(201, { status: 'OK', data })
  }),

  // A directory sees its own apps, the platform sees all. The oldest come first.
  platformEndpoint('GET', 'apps', 'Apps are listed', async (incoming, site, { directoryUid }) => {
    const { limit, skip } = readPage(incoming)
    const apps = await site.store.apps.list(directoryUid ?? undefined, limit, undefined, skip)
    return json(200, { status: 'OK', apps: apps.map(presentApp) })
  }),

  // Existing clients of this API expect `success` twice.
  platformEndpoint('GET', 'apps/:code_name', 'Apps are read', async (incoming, site, caller) => {
    const application = presentApp(await needApp(incoming, site, caller))
    return json(200, { data: { application, success: true }, success: true })
  }),

  // What the body leaves out stays. Existing clients expect `trusted` as text here.
  platformEndpoint('PUT', 'apps/:code_name', 'Apps are changed', async (incoming, site, caller) => {
    const change = readApp(await incoming.json())
    const app = await changeApp(incoming.path.code_name ?? '', change, caller, site)
    if (!app) refuse('app.unknown')
    return json(200, { application: { ...presentApp(app), trusted: String(app.trusted) }, success: true })
  }),
]

/** Returns the live app that the path names. An app out of the caller's reach is refused as unknown. */
export async function needApp(incoming: Incoming, site: Site, caller: Actor): Promise<App> {
  return (await findLiveApp(incoming.path.code_name ?? '', caller, site)) ?? refuse('app.unknown')
}

function presentApp(app: App): Record<string, unknown> {
  return { ...writeWire(app, 'platform'), created_at: app.createdAt }
}

/** Returns the profile of an app and the settings that profiles decide. Nothing if its registration named none, as existing clients expect. */
function presentProfile(app: App): Record<string, unknown> {
  if (app.protocol.profile === undefined) return {}
  const names = ['profile', ...PROFILE_SETTINGS.map(([name]) => name)].map(nameOn('platform'))
  return Object.fromEntries(Object.entries(writeWire(app, 'platform')).filter(([name]) => names.includes(name)))
}

/** Names that are easily mistaken for ours. Ignoring them would register something else than the caller asked for. */
const MISNAMED: Record<string, string> = {
  redirect_uris: 'oauth_redirect_uris',
  redirect_url: 'redirect_uri',
  scope: 'scopes',
  jwks_uri: 'client_auth_jwks_uri',
}

/** Reads the settings in a body. Unknown members are ignored, as in RFC 7591 §2. */
function readApp(record: Record<string, unknown>): AppDraft {
  for (const name of Object.keys(record)) {
    const meant = Object.hasOwn(MISNAMED, name) ? MISNAMED[name] : undefined
    if (meant) refuse('body.misnamed', { parameter: name, meant })
    if (name.includes('[')) refuse('body.nested-form', { parameter: printable(name) })
  }
  return readWire(record, 'platform', 'others')
}
