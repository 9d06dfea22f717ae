-- The founding schema, in the dialect that SQLite and PostgreSQL share. Times are seconds since the epoch; lists and records are
-- JSON as text; `ended_at` is set once and never taken back. What stands in /*sqlite: … */ is read by SQLite alone.
-- Rows of the protocol (chains, codes, tokens) carry no foreign keys: they are written on the hot path, and every use of a token
-- joins all that it hangs on anyway.

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
  primary key (app_uid, digest)
) /*sqlite: without rowid*/;

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

create table chains (
  uid text primary key,
  install_uid text not null,
  staff_uid text not null,
  scopes text not null,
  created_at bigint not null,
  ended_at bigint,
  ended_reason text
) /*sqlite: without rowid*/;
create index chains_install on chains (install_uid, uid);
create index chains_ended on chains (ended_at) where ended_at is not null;

create table codes (
  digest text primary key,
  chain_uid text not null,
  redirect_uri text not null,
  redirect_uri_sent bigint not null,
  code_challenge text,
  nonce text,
  auth_time bigint not null,
  facts text not null,
  created_at bigint not null,
  expires_at bigint not null,
  redeemed_at bigint
) /*sqlite: without rowid*/;
create index codes_created on codes (created_at);

-- Every token check reads one row here and one of its chain, out of many: both are kept short. Scopes stand here only where they are
-- fewer than the chain's.
create table access_tokens (
  digest text primary key,
  chain_uid text not null,
  scopes text,
  created_at bigint not null,
  expires_at bigint not null,
  last_used_at bigint,
  ended_at bigint,
  audience text,
  claims text
) /*sqlite: without rowid*/;
create index access_tokens_chain on access_tokens (chain_uid);
-- Tokens for twenty years are left out: none of them can be swept before 2046, and each exchange would write a page more for it.
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

-- A refresh token ends when it is used (`rotated_at`, and which one came of it), when it is not used for long, or with its chain.
create table refresh_tokens (
  digest text primary key,
  chain_uid text not null,
  scopes text not null,
  auth_time bigint not null,
  facts text not null,
  created_at bigint not null,
  idle_expires_at bigint not null,
  expires_at bigint not null,
  rotated_at bigint,
  successor_digest text,
  ended_at bigint
) /*sqlite: without rowid*/;
create index refresh_tokens_chain on refresh_tokens (chain_uid);
create index refresh_tokens_expiry on refresh_tokens (idle_expires_at);
