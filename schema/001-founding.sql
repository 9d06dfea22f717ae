-- The first schema, in the dialect that SQLite and PostgreSQL share. Times are seconds since the epoch. Lists and records are JSON text.
-- `ended_at` is set once and never cleared. Only SQLite reads what is inside /*sqlite: … */.
-- Chains, codes and tokens have no foreign keys: they are written on the hot path, and every use of a token joins everything it hangs on anyway.

create table directories (
  uid text primary key,
  name text not null,
  host text not null,
  theme text not null,
  logo text,
  created_at bigint not null,
  ended_at bigint
) /*sqlite: without rowid*/;

create table directory_hosts (
  host text primary key,
  directory_uid text not null references directories (uid)
) /*sqlite: without rowid*/;
create index directory_hosts_directory on directory_hosts (directory_uid);

create table businesses (
  uid text primary key,
  directory_uid text not null references directories (uid),
  name text not null,
  created_at bigint not null,
  ended_at bigint
) /*sqlite: without rowid*/;
create index businesses_directory on businesses (directory_uid, uid);

create table people (
  uid text primary key,
  email text not null,
  email_key text not null,
  name text not null,
  password text,
  email_verified bigint not null default 0,
  profile text,
  created_at bigint not null,
  ended_at bigint
) /*sqlite: without rowid*/;
create unique index people_email_live on people (email_key) where ended_at is null;

create table staff (
  uid text primary key,
  business_uid text not null references businesses (uid),
  person_uid text not null references people (uid),
  role text not null,
  created_at bigint not null,
  ended_at bigint
) /*sqlite: without rowid*/;
create unique index staff_live on staff (person_uid, business_uid) where ended_at is null;
create index staff_business on staff (business_uid, uid);

create table apps (
  uid text primary key,
  code_name text not null unique,
  client_id text not null unique,
  directory_uid text references directories (uid),
  name text not null,
  redirect_uri text not null,
  redirect_uris text not null,
  trusted bigint not null,
  public bigint not null,
  scopes text not null,
  access_token_format text not null,
  access_token_lifetime bigint,
  jwks_uri text,
  listing text not null,
  protocol text not null,
  origin text not null,
  created_at bigint not null,
  ended_at bigint
) /*sqlite: without rowid*/;
create index apps_directory on apps (directory_uid, created_at, uid);

create table app_secrets (
  app_uid text not null references apps (uid),
  digest text not null,
  uid text not null unique,
  name text not null,
  created_at bigint not null,
  expires_at bigint,
  ended_at bigint,
  last_used_at bigint,
  sealed text,
  primary key (app_uid, digest)
) /*sqlite: without rowid*/;
create index app_secrets_expiry on app_secrets (expires_at) where expires_at is not null;
create index app_secrets_ended on app_secrets (ended_at) where ended_at is not null;
create index app_secrets_sealed on app_secrets (uid) where sealed is not null;

create table installs (
  uid text primary key,
  app_uid text not null references apps (uid),
  business_uid text not null references businesses (uid),
  scopes text not null,
  installed_by text not null,
  created_at bigint not null,
  changed_at bigint not null,
  ended_at bigint,
  ended_reason text
) /*sqlite: without rowid*/;
create unique index installs_live on installs (business_uid, app_uid) where ended_at is null;
create index installs_app on installs (app_uid, uid);

create table consents (
  person_uid text not null references people (uid),
  app_uid text not null references apps (uid),
  business_uid text not null references businesses (uid),
  install_uid text not null references installs (uid),
  scopes text not null,
  created_at bigint not null,
  changed_at bigint not null,
  primary key (person_uid, app_uid, business_uid)
) /*sqlite: without rowid*/;
create index consents_app on consents (app_uid);

-- Every code and token hangs on a chain. A chain hangs on an install and a staff membership, or on the app itself (`app_uid`): the app's own
-- chain, for the tokens that it gets for itself. An app has at most one live chain of its own.
create table chains (
  uid text primary key,
  install_uid text,
  staff_uid text,
  app_uid text,
  scopes text not null,
  created_at bigint not null,
  auth_time bigint,
  ended_at bigint,
  ended_reason text
) /*sqlite: without rowid*/;
create index chains_install on chains (install_uid, uid) where install_uid is not null;
create unique index chains_app_live on chains (app_uid) where app_uid is not null and ended_at is null;
create index chains_ended on chains (ended_at) where ended_at is not null;

create table codes (
  digest text primary key,
  chain_uid text not null,
  redirect_uri text not null,
  redirect_uri_sent bigint not null,
  code_challenge text,
  nonce text,
  auth_time bigint not null,
  context text not null,
  cnf text,
  created_at bigint not null,
  expires_at bigint not null,
  redeemed_at bigint
) /*sqlite: without rowid*/;
create index codes_created on codes (created_at);

-- Every token check reads one row of this table and one of `chains`, so both are short. `scopes` is null when they are those of the chain. `cnf` is
-- the key that the token is bound to (RFC 7800), as JSON; null for a bearer token.
create table access_tokens (
  digest text primary key,
  chain_uid text not null,
  scopes text,
  created_at bigint not null,
  expires_at bigint not null,
  last_used_at bigint,
  ended_at bigint,
  audience text,
  claims text,
  cnf text
) /*sqlite: without rowid*/;
create index access_tokens_chain on access_tokens (chain_uid);
-- The condition leaves out tokens of twenty years: none can be swept before 2046, and each code exchange would write one more page.
create index access_tokens_expiry on access_tokens (expires_at) where expires_at < 2208988800;
create index access_tokens_ended on access_tokens (ended_at) where ended_at is not null;

create table platform_tokens (
  digest text primary key,
  uid text not null unique,
  kind text not null,
  directory_uid text references directories (uid),
  name text not null,
  created_at bigint not null,
  ended_at bigint
) /*sqlite: without rowid*/;

create table sessions (
  digest text primary key,
  uid text not null unique,
  person_uid text not null references people (uid),
  auth_time bigint not null,
  methods text not null,
  created_at bigint not null,
  seen_at bigint not null,
  expires_at bigint not null,
  ended_at bigint
) /*sqlite: without rowid*/;
create index sessions_person on sessions (person_uid, uid);
create index sessions_expiry on sessions (expires_at);

create table pending_requests (
  digest text primary key,
  browser text not null,
  app_uid text not null,
  request text not null,
  session_uid text,
  business_uid text,
  created_at bigint not null,
  expires_at bigint not null,
  answered_at bigint
) /*sqlite: without rowid*/;
create index pending_requests_expiry on pending_requests (expires_at);
create index pending_requests_choice on pending_requests (browser) where business_uid is not null;

create table attempts (
  key text primary key,
  count bigint not null,
  expires_at bigint not null
) /*sqlite: without rowid*/;
create index attempts_expiry on attempts (expires_at);

create table signing_keys (
  kid text primary key,
  algorithm text not null,
  generation bigint not null,
  public_jwk text not null,
  sealed_jwk text not null,
  created_at bigint not null,
  signs_from bigint not null,
  needed_until bigint not null,
  retired_at bigint,
  unique (algorithm, generation)
) /*sqlite: without rowid*/;

create table events (
  uid text primary key,
  type text not null,
  at bigint not null,
  actor text not null,
  result text not null,
  directory_uid text,
  business_uid text,
  app_uid text,
  subject text,
  reference text,
  details text
) /*sqlite: without rowid*/;
create index events_business on events (business_uid, uid) where business_uid is not null;
create index events_app on events (app_uid, uid) where app_uid is not null;

-- A refresh token ends when a successor replaces it (`rotated_at`, `successor_digest`), when it is not used for long, or with its chain. `repeats`
-- counts how often it was sent again because the app repeated its request with the previous token.
create table refresh_tokens (
  digest text primary key,
  chain_uid text not null,
  scopes text not null,
  auth_time bigint not null,
  context text not null,
  cnf text,
  created_at bigint not null,
  idle_expires_at bigint not null,
  expires_at bigint not null,
  rotated_at bigint,
  successor_digest text,
  repeats bigint not null default 0
) /*sqlite: without rowid*/;
create index refresh_tokens_chain on refresh_tokens (chain_uid);
create index refresh_tokens_expiry on refresh_tokens (idle_expires_at);

-- Random values that all servers share and that never change; sealed.
create table salts (
  name text primary key,
  sealed text not null,
  created_at bigint not null
) /*sqlite: without rowid*/;

-- The apps that a session has signed in to, and the `sid` that each app received: the uid of the session, or of a previous session of the same
-- person.
create table session_apps (
  session_uid text not null,
  app_uid text not null,
  staff_uid text not null,
  sid text not null,
  created_at bigint not null,
  primary key (session_uid, app_uid, staff_uid)
) /*sqlite: without rowid*/;

-- Messages to other servers that are not delivered yet. `tries` counts the attempts, and `next_at` is the time of the next one. A row is deleted
-- when the message arrives or has failed.
create table outbox (
  kind text not null,
  key text not null,
  payload text not null,
  created_at bigint not null,
  tries bigint not null,
  next_at bigint not null,
  primary key (kind, key)
) /*sqlite: without rowid*/;
create index outbox_next on outbox (kind, next_at);

-- Resource servers (RFC 8707) that apps may request tokens for. `identifier_key` is unique among the live ones: the identifier, and for the
-- platform's own API, which each directory may register once, the directory too.
create table resources (
  uid text primary key,
  identifier text not null,
  identifier_key text not null,
  name text not null,
  directory_uid text references directories (uid),
  scopes text,
  token_format text,
  token_lifetime bigint,
  secret_digest text,
  created_at bigint not null,
  ended_at bigint
) /*sqlite: without rowid*/;
create unique index resources_live on resources (identifier_key) where ended_at is null;
create index resources_directory on resources (directory_uid, created_at, uid);

-- The assertions that apps have authenticated with and may not use again.
create table assertions (
  digest text primary key,
  expires_at bigint not null
) /*sqlite: without rowid*/;
create index assertions_expiry on assertions (expires_at);

-- Pushed authorization requests (RFC 9126). Each is answered once.
create table pushed_requests (
  digest text primary key,
  app_uid text not null,
  request text not null,
  created_at bigint not null,
  expires_at bigint not null,
  used_at bigint
) /*sqlite: without rowid*/;
create index pushed_requests_expiry on pushed_requests (expires_at);

-- Refused requests, as `behalf why` explains them.
create table refusals (
  reference text primary key,
  at bigint not null,
  method text not null,
  path text not null,
  status bigint not null,
  code text,
  field text,
  message text not null,
  check_name text not null,
  fix text,
  app_uid text,
  request text not null
) /*sqlite: without rowid*/;
create index refusals_at on refusals (at);

-- Apps that registered or described themselves and that no business has connected yet. An app ends at `until`, unless a business connects it before.
create table unconfirmed_apps (
  app_uid text primary key,
  until bigint not null
) /*sqlite: without rowid*/;
create index unconfirmed_apps_until on unconfirmed_apps (until, app_uid);

-- The apps that registered themselves, and the token that reads and changes their registration (RFC 7592).
create table registrations (
  app_uid text primary key references apps (uid),
  token_digest text not null unique,
  platform_token_uid text,
  changed_at bigint not null
) /*sqlite: without rowid*/;

-- The apps whose client id is the URL of their metadata document: when it was read, until when it is fresh, and when it was last requested.
create table client_documents (
  app_uid text primary key references apps (uid),
  read_at bigint not null,
  fresh_until bigint not null,
  asked_at bigint not null
) /*sqlite: without rowid*/;
