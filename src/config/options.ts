import {
  choice,
  database,
  file,
  flag,
  hosts,
  type Kind,
  line,
  networks,
  origin,
  orNever,
  page,
  port,
  seconds,
  secrets,
  whole,
} from './kinds.ts'

/** One thing an operator may set: its environment variable, kind, default and a sentence for people. */
export interface Option<T = unknown> {
  readonly env: string
  readonly kind: Kind<T>
  /** The default as it would be written; undefined when there is none. */
  readonly standard?: string
  readonly sentence: string
  readonly group: string
}

function option<T>(group: string, env: string, kind: Kind<T>, standard: string, sentence: string): Option<T> {
  return { group, env, kind, standard, sentence }
}

/** An option that may be left out altogether. */
function optional<T>(group: string, env: string, kind: Kind<T>, sentence: string): Option<T | undefined> {
  return { group, env, kind, sentence }
}

const place = 'Where it runs'
const data = 'Where it keeps things'
const life = 'How long things live'
const guard = 'Limits and guards'
const look = 'What people see'

/** Every option there is, declared once. Start-up, `behalf config` and docs/configuration.md all read this table. */
export const options = {
  env: optional(
    place,
    'BEHALF_ENV',
    choice('development', 'production'),
    'Production refuses unsafe settings. When unset: development if the issuer is on this very machine (localhost, 127.0.0.1, [::1]), production otherwise.',
  ),
  host: option(place, 'BEHALF_HOST', line, '127.0.0.1', 'The address to listen on; 0.0.0.0 or :: for all.'),
  port: option(place, 'BEHALF_PORT', port, '7200', 'The port to listen on; 0 lets the system choose.'),
  issuer: optional(
    place,
    'BEHALF_ISSUER',
    origin,
    'The public URL of this server, as tokens and metadata name it. When unset: http://localhost with the port. Never taken from a request.',
  ),
  trustedProxies: optional(
    place,
    'BEHALF_TRUSTED_PROXIES',
    networks,
    'Proxies whose X-Forwarded-For is believed. The address of a person is the right-most one that is none of these.',
  ),
  logLevel: option(
    place,
    'BEHALF_LOG_LEVEL',
    choice('debug', 'info', 'warn', 'error', 'silent'),
    'info',
    'How much to log: refusals and acts at info, every request at debug.',
  ),
  stopTimeout: option(
    place,
    'BEHALF_STOP_TIMEOUT',
    seconds(0, 600),
    '10',
    'How long requests under way may take to finish when the server is told to stop.',
  ),
  stopDelay: option(
    place,
    'BEHALF_STOP_DELAY',
    seconds(0, 600),
    '0',
    'How long a server that was told to stop still accepts requests while it says that it is not ready, so that a load balancer notices.',
  ),
  databaseUrl: option(
    data,
    'BEHALF_DATABASE_URL',
    database,
    'sqlite:data/behalf.db',
    'The database: an SQLite file, made when missing, or a PostgreSQL server.',
  ),
  databasePool: option(
    data,
    'BEHALF_DATABASE_POOL',
    whole('connections', 1, 200),
    '10',
    'PostgreSQL connections that one server opens.',
  ),
  databaseTimeout: option(
    data,
    'BEHALF_DATABASE_TIMEOUT',
    seconds(1, 60),
    '5',
    'How long to wait for the database before answering 503 with Retry-After.',
  ),
  migrate: option(
    data,
    'BEHALF_MIGRATE',
    flag,
    'on',
    'Whether a starting server brings the schema up to date by itself. When off, run `behalf migrate` first.',
  ),
  secret: optional(
    data,
    'BEHALF_SECRET',
    secrets,
    'Seals signing keys at rest and marks forms. Required in production and with PostgreSQL; in development with SQLite a random one is kept beside the database. To replace it put the new one first: `new,old`.',
  ),
  codeLifetime: option(
    life,
    'BEHALF_CODE_LIFETIME',
    seconds(1, 3600),
    '30',
    'An authorization code. Longer than 60 is unsafe, and refused in production.',
  ),
  accessTokenLifetime: option(
    life,
    'BEHALF_ACCESS_TOKEN_LIFETIME',
    seconds(60),
    '631152000',
    'An access token of an app that keeps a secret; an app may have its own.',
  ),
  publicAccessTokenLifetime: option(
    life,
    'BEHALF_PUBLIC_ACCESS_TOKEN_LIFETIME',
    seconds(60),
    '3600',
    'An access token of a public app (one that can keep no secret), or of an app that registered itself.',
  ),
  refreshTokenLifetime: option(
    life,
    'BEHALF_REFRESH_TOKEN_LIFETIME',
    seconds(60),
    '31536000',
    'A refresh token with all that replace it, from the approval on, however much they are used; an app may have its own.',
  ),
  refreshTokenIdleLifetime: option(
    life,
    'BEHALF_REFRESH_TOKEN_IDLE_LIFETIME',
    seconds(60),
    '2592000',
    'A refresh token that is not used; an app may have its own.',
  ),
  refreshRetryWindow: option(
    life,
    'BEHALF_REFRESH_RETRY_WINDOW',
    seconds(0, 300),
    '60',
    'How long a refresh token that was just replaced may come again, from an app that did not receive the answer, and gets the same one again. 0: never.',
  ),
  appTokenLifetime: option(
    life,
    'BEHALF_APP_TOKEN_LIFETIME',
    seconds(60, 86_400),
    '3600',
    'An access token of an app that speaks for itself alone, by client_credentials; a resource may have its own.',
  ),
  idTokenLifetime: option(life, 'BEHALF_ID_TOKEN_LIFETIME', seconds(60, 86_400), '3600', 'An ID token.'),
  sessionIdleLifetime: option(
    life,
    'BEHALF_SESSION_IDLE_LIFETIME',
    seconds(60),
    '86400',
    'A signed-in browser that is not used.',
  ),
  sessionLifetime: option(
    life,
    'BEHALF_SESSION_LIFETIME',
    seconds(60),
    '1209600',
    'A signed-in browser, however much it is used.',
  ),
  requestLifetime: option(
    life,
    'BEHALF_REQUEST_LIFETIME',
    seconds(60, 86_400),
    '3600',
    'An authorization request that waits for a person to sign in and answer.',
  ),
  tombstoneLifetime: option(
    life,
    'BEHALF_TOMBSTONE_LIFETIME',
    seconds(3600),
    '2592000',
    'How long a used code, an ended token or session is remembered before it is swept away, so that a replay is still noticed.',
  ),
  eventLifetime: option(
    life,
    'BEHALF_EVENT_LIFETIME',
    seconds(86_400),
    '34164000',
    'How long audit events are kept (13 months).',
  ),
  keyRotationInterval: option(
    life,
    'BEHALF_KEY_ROTATION_INTERVAL',
    orNever(seconds(86_400)),
    '7776000',
    'How long a key signs before the next one takes over; the servers see to it themselves. 0: only `behalf keys rotate` makes new ones.',
  ),
  refusalLifetime: option(
    life,
    'BEHALF_REFUSAL_LIFETIME',
    seconds(3600),
    '604800',
    'How long is kept what the server knew of a refused request, for `behalf why`; of more than 100000 the oldest go first.',
  ),
  sweepInterval: option(
    life,
    'BEHALF_SWEEP_INTERVAL',
    seconds(1, 86_400),
    '60',
    'How often expired rows are swept, in small batches.',
  ),
  bodyLimit: option(
    guard,
    'BEHALF_BODY_LIMIT',
    whole('bytes', 1024, 10_485_760),
    '65536',
    'The largest request body that is read.',
  ),
  tokenInQuery: option(
    guard,
    'BEHALF_TOKEN_IN_QUERY',
    flag,
    'off',
    'Whether the token endpoint also reads its parameters from the URL, for old clients that send them there. They end up in logs of proxies: leave it off.',
  ),
  requirePar: option(
    guard,
    'BEHALF_REQUIRE_PAR',
    flag,
    'off',
    'Whether every app has to push its authorization requests (RFC 9126); an app can also be set to by itself.',
  ),
  passwordParallel: option(
    guard,
    'BEHALF_PASSWORD_PARALLEL',
    whole('hashes', 1, 32),
    '2',
    'Passwords hashed at the same time (each about 45 ms of a core and 19 MiB).',
  ),
  passwordWaiting: option(
    guard,
    'BEHALF_PASSWORD_WAITING',
    whole('hashes', 0, 10_000),
    '64',
    'Passwords that may wait for their turn; past that sign-in answers 503.',
  ),
  loginAttempts: option(
    guard,
    'BEHALF_LOGIN_ATTEMPTS',
    whole('attempts', 1, 10_000),
    '10',
    'Wrong passwords for one account within 15 minutes before it must wait.',
  ),
  addressAttempts: option(
    guard,
    'BEHALF_ADDRESS_ATTEMPTS',
    whole('attempts', 1, 1_000_000),
    '100',
    'Wrong passwords from one address (IPv6: one /64) within 15 minutes before it must wait.',
  ),
  addressRequests: option(
    guard,
    'BEHALF_ADDRESS_REQUESTS',
    whole('requests', 1, 10_000_000),
    '600',
    'Authorization requests from one address within 5 minutes that may wait for a sign-in.',
  ),
  strictAudience: option(
    guard,
    'BEHALF_STRICT_AUDIENCE',
    flag,
    'off',
    'Whether a client assertion must name the issuer alone as its audience, as FAPI 2.0 asks. When off, the address it is sent to and the token endpoint will do, too: many client libraries name those.',
  ),
  registration: option(
    guard,
    'BEHALF_REGISTRATION',
    choice('off', 'token', 'open'),
    'off',
    'Who may register apps by RFC 7591: nobody, whoever holds a registration token (`behalf token create --registration`), or anybody.',
  ),
  unusedAppLifetime: option(
    life,
    'BEHALF_REGISTRATION_UNUSED_LIFETIME',
    seconds(3600),
    '604800',
    'How long an app that registered itself, or is described by its own document, is kept while nobody lets it in.',
  ),
  mostUnusedApps: option(
    guard,
    'BEHALF_REGISTRATION_UNUSED_MOST',
    whole('apps', 1, 1_000_000),
    '10000',
    'How many such apps are kept; of more than that the oldest go first.',
  ),
  addressRegistrations: option(
    guard,
    'BEHALF_ADDRESS_REGISTRATIONS',
    whole('registrations', 1, 1_000_000),
    '30',
    'Apps that one address may register without a token within an hour.',
  ),
  clientIdMetadataDocuments: option(
    guard,
    'BEHALF_CLIENT_ID_METADATA_DOCUMENTS',
    flag,
    'on',
    'Whether apps may come unregistered, with the https URL of a document that describes them as client_id; assistants of the Model Context Protocol do.',
  ),
  clientIdMetadataHosts: optional(
    guard,
    'BEHALF_CLIENT_ID_METADATA_HOSTS',
    hosts,
    'The only hosts such documents may lie at. When unset: any.',
  ),
  outboundPrivate: option(
    guard,
    'BEHALF_OUTBOUND_PRIVATE',
    flag,
    'off',
    'Whether what apps have us fetch, such as their keys, may lie at http URLs and at addresses of this machine or network: for development. Refused in production.',
  ),
  name: option(look, 'BEHALF_NAME', line, 'Behalf', 'The name shown on pages where no directory owns the host.'),
  documentationUrl: optional(
    look,
    'BEHALF_DOCUMENTATION_URL',
    page,
    'Where developers of apps read how to use your API; told in the metadata.',
  ),
  policyUrl: optional(
    look,
    'BEHALF_POLICY_URL',
    page,
    'Where developers of apps read what they may do with the data they get; told in the metadata.',
  ),
  termsUrl: optional(
    look,
    'BEHALF_TERMS_URL',
    page,
    'Your terms of service for developers of apps; told in the metadata.',
  ),
  scopesFile: optional(
    look,
    'BEHALF_SCOPES_FILE',
    file,
    'The catalogue of scopes, a JSON file. When unset: the one that ships, schema/scopes.json.',
  ),
} as const

type Value<O> = O extends Option<infer T> ? T : never
/** Every option's value after start-up has read it. */
export type Settings = { -readonly [N in keyof typeof options]: Value<(typeof options)[N]> }
