import {
  choice,
  database,
  file,
  flag,
  hosts,
  issuer,
  type Kind,
  line,
  listenHost,
  networks,
  orNever,
  page,
  port,
  schemes,
  seconds,
  secrets,
  whole,
} from './kinds.ts'

/** A setting of the server. */
export interface Option<T = unknown> {
  /** The environment variable. */
  readonly env: string
  readonly kind: Kind<T>
  /** The default, written as in the environment; undefined when there is none. */
  readonly default?: string | undefined
  readonly description: string
  readonly group: string
}

/** An option of a group; without a default its value may be undefined. */
interface Declare {
  <T>(env: string, kind: Kind<T>, byDefault: string): { about(description: string): Option<T> }
  <T>(env: string, kind: Kind<T>): { about(description: string): Option<T | undefined> }
}

function optionsOf(group: string): Declare {
  return <T>(env: string, kind: Kind<T>, byDefault?: string) => ({
    about: (description: string): Option<T> => ({ group, env, kind, default: byDefault, description }),
  })
}

const server = optionsOf('Server')
const storage = optionsOf('Storage')
const lifetime = optionsOf('Lifetimes')
const security = optionsOf('Limits and security')
const pages = optionsOf('Pages and documents')

/** Every option of the server. Start-up, `behalf config` and docs/configuration.md read this table. */
export const options = {
  env: server('BEHALF_ENV', choice('development', 'production')).about(
    'Production refuses unsafe settings. When unset: development if the issuer is on this machine (localhost, a name below it, 127.0.0.1, [::1]), production otherwise.',
  ),
  host: server('BEHALF_HOST', listenHost, '127.0.0.1').about(
    'The address to listen on. Use 0.0.0.0 or :: for all addresses. unix:/run/behalf/behalf.sock is a Unix socket that the group of the server may use.',
  ),
  port: server('BEHALF_PORT', port, '7200').about('The port to listen on. With 0 the system chooses one.'),
  issuer: server('BEHALF_ISSUER', issuer).about(
    'The public URL of this server, used in tokens and metadata. With a path, every route is below it. When unset: http://localhost with the port. Never taken from a request.',
  ),
  trustedProxies: server('BEHALF_TRUSTED_PROXIES', networks).about(
    'Proxies whose X-Forwarded-For header is trusted. The client address is the right-most one that is not a trusted proxy.',
  ),
  logLevel: server('BEHALF_LOG_LEVEL', choice('debug', 'info', 'warn', 'error', 'silent'), 'info').about(
    'How much to log. info logs refusals and acts, debug logs every request.',
  ),
  stopTimeout: server('BEHALF_STOP_TIMEOUT', seconds(0, 600), '10').about(
    'How long requests in progress may take to finish when the server stops.',
  ),
  stopDelay: server('BEHALF_STOP_DELAY', seconds(0, 600), '0').about(
    'How long a stopping server still accepts requests while it reports that it is not ready, so that load balancers notice.',
  ),
  databaseUrl: storage('BEHALF_DATABASE_URL', database, 'sqlite:data/behalf.db').about(
    'The database: an SQLite file, created when missing, or a PostgreSQL server.',
  ),
  databasePool: storage('BEHALF_DATABASE_POOL', whole('connections', 1, 200), '10').about(
    'How many connections to PostgreSQL one server opens.',
  ),
  databaseTimeout: storage('BEHALF_DATABASE_TIMEOUT', seconds(1, 60), '5').about(
    'How long to wait for the database before answering 503 with Retry-After.',
  ),
  migrate: storage('BEHALF_MIGRATE', flag, 'on').about(
    'Whether a starting server updates the schema. When off, run `behalf migrate` first.',
  ),
  secret: storage('BEHALF_SECRET', secrets).about(
    'Encrypts signing keys in the database and protects forms. Required in production and with PostgreSQL. In development with SQLite, a random one is stored beside the database. To replace it, put the new one first: `new,old`.',
  ),
  codeLifetime: lifetime('BEHALF_CODE_LIFETIME', seconds(1, 3600), '30').about(
    'An authorization code. More than 60 is unsafe, and refused in production.',
  ),
  accessTokenLifetime: lifetime('BEHALF_ACCESS_TOKEN_LIFETIME', seconds(60), '631152000').about(
    'An access token of an app with a secret. An app can have its own lifetime.',
  ),
  publicAccessTokenLifetime: lifetime('BEHALF_PUBLIC_ACCESS_TOKEN_LIFETIME', seconds(60), '3600').about(
    'An access token of a public app (one without a secret) or of an app that registered itself.',
  ),
  refreshTokenLifetime: lifetime('BEHALF_REFRESH_TOKEN_LIFETIME', seconds(60), '31536000').about(
    'A refresh token and all its successors, counted from the approval. An app can have its own lifetime.',
  ),
  refreshTokenIdleLifetime: lifetime('BEHALF_REFRESH_TOKEN_IDLE_LIFETIME', seconds(60), '2592000').about(
    'A refresh token that is not used. An app can have its own lifetime.',
  ),
  refreshRetryWindow: lifetime('BEHALF_REFRESH_RETRY_WINDOW', seconds(0, 300), '60').about(
    'How long an app that did not receive the answer may send a replaced refresh token again and get the same successor. 0: never.',
  ),
  appTokenLifetime: lifetime('BEHALF_APP_TOKEN_LIFETIME', seconds(60, 86_400), '3600').about(
    'An access token that an app gets for itself with client_credentials. A resource can have its own lifetime.',
  ),
  idTokenLifetime: lifetime('BEHALF_ID_TOKEN_LIFETIME', seconds(60, 86_400), '3600').about('An ID token.'),
  sessionIdleLifetime: lifetime('BEHALF_SESSION_IDLE_LIFETIME', seconds(60), '86400').about(
    'A signed-in browser that is not used.',
  ),
  sessionLifetime: lifetime('BEHALF_SESSION_LIFETIME', seconds(60), '1209600').about(
    'A signed-in browser, however much it is used.',
  ),
  requestLifetime: lifetime('BEHALF_REQUEST_LIFETIME', seconds(60, 86_400), '3600').about(
    'An authorization request that waits for a person to sign in and answer.',
  ),
  tombstoneLifetime: lifetime('BEHALF_TOMBSTONE_LIFETIME', seconds(3600), '2592000').about(
    'How long used codes and ended tokens and sessions are kept, so that a replay is still detected.',
  ),
  eventLifetime: lifetime('BEHALF_EVENT_LIFETIME', seconds(86_400), '34164000').about(
    'How long audit events are kept. The default is 13 months.',
  ),
  keyRotationInterval: lifetime('BEHALF_KEY_ROTATION_INTERVAL', orNever(seconds(86_400)), '7776000').about(
    'How long a key signs before its successor takes over. Servers rotate keys themselves. 0: only `behalf keys rotate` does.',
  ),
  refusalLifetime: lifetime('BEHALF_REFUSAL_LIFETIME', seconds(3600), '604800').about(
    'How long refused requests are kept for `behalf why`. Above 100000, the oldest are deleted first.',
  ),
  sweepInterval: lifetime('BEHALF_SWEEP_INTERVAL', seconds(1, 86_400), '60').about(
    'How often expired rows are deleted, in small batches.',
  ),
  bodyLimit: security('BEHALF_BODY_LIMIT', whole('bytes', 1024, 10_485_760), '65536').about(
    'The largest request body that is read.',
  ),
  tokenInQuery: security('BEHALF_TOKEN_IN_QUERY', flag, 'off').about(
    'Whether the token endpoint also reads parameters from the URL, for old clients that send them there. Proxies log URLs: leave it off.',
  ),
  requirePar: security('BEHALF_REQUIRE_PAR', flag, 'off').about(
    'Whether every app must push its authorization requests (RFC 9126). An app can also be set to do so.',
  ),
  passwordParallel: security('BEHALF_PASSWORD_PARALLEL', whole('hashes', 1, 32), '2').about(
    'How many passwords are hashed at the same time. Each takes about 45 ms of a core and 19 MiB.',
  ),
  passwordWaiting: security('BEHALF_PASSWORD_WAITING', whole('hashes', 0, 10_000), '64').about(
    'How many passwords may wait to be hashed. When more wait, sign-in answers 503.',
  ),
  loginAttempts: security('BEHALF_LOGIN_ATTEMPTS', whole('attempts', 1, 10_000), '10').about(
    'Wrong passwords for one account within 15 minutes before it must wait. Of sign-ins with any password, ten times as many.',
  ),
  addressAttempts: security('BEHALF_ADDRESS_ATTEMPTS', whole('attempts', 1, 1_000_000), '100').about(
    'Wrong passwords from one address (IPv6: one /64) within 15 minutes before it must wait. Of sign-ins with any password, ten times as many.',
  ),
  addressRequests: security('BEHALF_ADDRESS_REQUESTS', whole('requests', 1, 10_000_000), '600').about(
    'Authorization requests from one address within 5 minutes that may wait for a sign-in.',
  ),
  strictAudience: security('BEHALF_STRICT_AUDIENCE', flag, 'off').about(
    'Whether a client assertion must name the issuer as its only audience, in one string, as FAPI 2.0 requires. When off, the URL of the endpoint or of the token endpoint is accepted too, and so is a list with one member, because many client libraries send these.',
  ),
  registration: security('BEHALF_REGISTRATION', choice('off', 'token', 'open'), 'off').about(
    'Who may register apps with RFC 7591: no one, holders of a registration token (`behalf token create --registration`), or anyone.',
  ),
  unusedAppLifetime: lifetime('BEHALF_REGISTRATION_UNUSED_LIFETIME', seconds(3600), '604800').about(
    'How long an app that registered itself, or that a metadata document describes, is kept before a business connects it.',
  ),
  maxUnusedApps: security('BEHALF_REGISTRATION_UNUSED_MOST', whole('apps', 1, 1_000_000), '10000').about(
    'How many such apps are kept. Above that, the oldest are deleted first.',
  ),
  addressRegistrations: security('BEHALF_ADDRESS_REGISTRATIONS', whole('registrations', 1, 1_000_000), '30').about(
    'Apps that one address may register without a token within an hour.',
  ),
  clientIdMetadataDocuments: security('BEHALF_CLIENT_ID_METADATA_DOCUMENTS', flag, 'on').about(
    'Whether an app may use the https URL of its metadata document as client_id, without registration. Clients of the Model Context Protocol do.',
  ),
  clientIdMetadataHosts: security('BEHALF_CLIENT_ID_METADATA_HOSTS', hosts).about(
    'The only hosts that may serve such documents. When unset: any host.',
  ),
  redirectSchemes: security(
    'BEHALF_REDIRECT_SCHEMES',
    schemes,
    'cursor,jetbrains,kiro,trae,vscode,vscode-insiders,vscodium,windsurf,zed',
  ).about(
    'The schemes without a dot that redirect URIs may have, by default those of known editors. Any program can claim such a scheme, so people are always asked.',
  ),
  outboundPrivate: security('BEHALF_OUTBOUND_PRIVATE', flag, 'off').about(
    'Whether the server may fetch what apps name, such as their keys, over http and from private addresses. For development only; refused in production.',
  ),
  name: pages('BEHALF_NAME', line, 'Behalf').about('The name shown on pages where no directory owns the host.'),
  documentationUrl: pages('BEHALF_DOCUMENTATION_URL', page).about(
    'The documentation of your API for app developers, named in the metadata.',
  ),
  policyUrl: pages('BEHALF_POLICY_URL', page).about(
    'Your rules for app developers on the use of data, named in the metadata.',
  ),
  termsUrl: pages('BEHALF_TERMS_URL', page).about('Your terms of service for app developers, named in the metadata.'),
  scopesFile: pages('BEHALF_SCOPES_FILE', file).about(
    'The catalogue of scopes, a JSON file. When unset: the built-in one, schema/scopes.json.',
  ),
} as const

type Value<O> = O extends Option<infer T> ? T : never
/** The value of every option, as read at start-up. */
export type Settings = { -readonly [N in keyof typeof options]: Value<(typeof options)[N]> }
