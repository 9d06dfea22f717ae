-- Device codes (RFC 8628 §3.2): an app polls with the device code while a person decides by the user code. `chain_uid` is set when the person
-- approves, `decided_at` also when they deny. `poll_interval` is the least number of seconds between two polls.
create table device_codes (
  digest text primary key,
  user_code_digest text not null unique,
  app_uid text not null,
  scopes text not null,
  resources text not null,
  cnf text,
  created_at bigint not null,
  expires_at bigint not null,
  poll_interval bigint not null,
  next_poll_at bigint not null,
  decided_at bigint,
  chain_uid text,
  auth_time bigint,
  context text,
  redeemed_at bigint
) /*sqlite: without rowid*/;
create index device_codes_expiry on device_codes (expires_at);
