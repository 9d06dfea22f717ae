-- A consent for an app that introduced itself counts only for the redirect host that the dialog named. Consents for other apps have no host.
-- The earlier consents for apps that introduced themselves name no host, so they are dropped and people are asked again.
create table consents_by_host (
  person_uid text not null references people (uid),
  app_uid text not null references apps (uid),
  business_uid text not null references businesses (uid),
  install_uid text not null references installs (uid),
  scopes text not null,
  created_at bigint not null,
  changed_at bigint not null,
  redirect_host text not null default '',
  primary key (person_uid, app_uid, business_uid, redirect_host)
) /*sqlite: without rowid*/;
insert into consents_by_host (person_uid, app_uid, business_uid, install_uid, scopes, created_at, changed_at)
  select person_uid, app_uid, business_uid, install_uid, scopes, created_at, changed_at from consents
    where app_uid in (select uid from apps where origin = 'platform');
drop table consents;
alter table consents_by_host rename to consents;
create index consents_app on consents (app_uid);
create index consents_install on consents (install_uid);
