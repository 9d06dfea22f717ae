/**
 * The peer as a process of its own: oidc-provider with every feature off that Behalf does not have, static client, opaque
 * tokens, long lifetimes. `node peer-process.ts PORT map` or `node peer-process.ts PORT sqlite:PATH`; what it is asked to mint comes over IPC.
 */
import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import { Provider } from 'oidc-provider'
import { type Ask, isOnce, type Told } from '../contender.ts'
import { mapAdapter } from '../peer/map-adapter.ts'
import { sqliteAdapter } from '../peer/sqlite-adapter.ts'

const [port = '', storage = 'map'] = process.argv.slice(2)
const store = storage.startsWith('sqlite:') ? sqliteAdapter(storage.slice('sqlite:'.length)) : mapAdapter()

const clientId = 'bench'
const redirectUri = 'https://app.example.com/callback'
const scopes = { plain: 'business', openid: 'openid business' }
const oneDay = 86_400

const staff = Array.from({ length: 100 }, (_, i) => ({
  accountId: `staff${i}`,
  claims: async () => ({
    sub: `staff${i}`,
    type: 'staff',
    role: 'owner',
    email: `staff${i}@business.example.com`,
    name: `Staff Member ${i}`,
    business_id: `${i}`,
    business_uid: `business${i}`,
    business_name: `Business ${i}`,
    directory_uid: 'directory0',
    brand_host: 'app.example.com',
    brand_theme: 'light',
  }),
}))
const staffById = new Map(staff.map((one) => [one.accountId, one]))

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const { privateKey: ecKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const appOf = (id: string, idTokenAlg: 'RS256' | 'ES256') => ({
  client_id: id,
  client_secret: 'a'.repeat(64),
  redirect_uris: [redirectUri],
  grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
  response_types: ['code' as const],
  token_endpoint_auth_method: 'client_secret_post' as const,
  id_token_signed_response_alg: idTokenAlg,
})

const provider = new Provider(`http://127.0.0.1:${port}`, {
  adapter: store.adapter,
  clients: [appOf(clientId, 'RS256'), appOf('bench-es256', 'ES256')],
  enabledJWA: { idTokenSigningAlgValues: ['RS256', 'ES256'] },
  clientAuthMethods: ['client_secret_basic', 'client_secret_post'],
  claims: {
    openid: ['sub'],
    business: [
      'type',
      'role',
      'email',
      'name',
      'business_id',
      'business_uid',
      'business_name',
      'directory_uid',
      'brand_host',
      'brand_theme',
    ],
  },
  cookies: { keys: ['bench'] },
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    dPoP: { enabled: false },
    introspection: { enabled: true },
    revocation: { enabled: true },
    backchannelLogout: { enabled: true },
  },
  findAccount: (_: unknown, id: string) => staffById.get(id),
  jwks: {
    keys: [
      { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'bench' },
      { ...ecKey.export({ format: 'jwk' }), use: 'sig', alg: 'ES256', kid: 'bench-es256' },
    ],
  },
  pkce: { required: () => false },
  responseTypes: ['code'],
  rotateRefreshToken: true,
  scopes: ['openid', 'offline_access', 'business', 'app/installs'],
  ttl: {
    AccessToken: oneDay,
    AuthorizationCode: oneDay,
    Grant: oneDay,
    IdToken: 3600,
    ClientCredentials: oneDay,
    Interaction: 3600,
    RefreshToken: oneDay,
    Session: oneDay,
  },
})

/** A code or a token per approval, each with a grant of its own, made through the peer's own models. */
async function mint(
  kind: 'codes' | 'tokens' | 'refresh',
  scope: string,
  count: number,
  app: string,
): Promise<string[]> {
  const client = await provider.Client.find(app)
  const minted: string[] = []
  const mintOne = async (i: number) => {
    const { accountId } = staff[i % staff.length]!
    const grant = new provider.Grant({ accountId, clientId: app })
    grant.addOIDCScope(scope)
    const grantId = await grant.save()
    const about = { accountId, client, grantId, scope, gty: 'authorization_code' }
    const authTime = Math.floor(Date.now() / 1000)
    const made =
      kind === 'tokens'
        ? new provider.AccessToken(about)
        : kind === 'refresh'
          ? new provider.RefreshToken({ ...about, authTime })
          : new provider.AuthorizationCode({ ...about, redirectUri, authTime })
    minted.push(await made.save())
  }
  await store.batch(async () => {
    for (let i = 0; i < count; i++) await mintOne(i)
  })
  return minted
}

async function answer(ask: Ask): Promise<Told> {
  if (ask.ask === 'works') {
    const { AccessToken, ClientCredentials } = provider
    return { works: ((await AccessToken.find(ask.token)) ?? (await ClientCredentials.find(ask.token))) !== undefined }
  }
  const { scenario, count } = ask
  const kind = scenario === 'refresh' ? 'refresh' : isOnce(scenario) ? 'codes' : 'tokens'
  const scope = scenario === 'exchange' || scenario === 'refresh' ? scopes.plain : scopes.openid
  return { minted: await mint(kind, scope, count, scenario === 'exchange-es256' ? 'bench-es256' : clientId) }
}

process.on('message', async (ask: Ask) => process.send!(await answer(ask)))
createServer(provider.callback()).listen(Number(port), '127.0.0.1', () => process.send!({ ready: true }))
