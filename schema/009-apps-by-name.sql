-- The name of an app that the platform or a partner registered, in the form in which look-alike names are equal, so that the permission dialog
-- can say that another app imitates it. Empty for apps that introduced themselves; null until a server has computed it.
alter table apps add column name_key text;
update apps set name_key = '' where origin <> 'platform';
create index apps_name on apps (name_key, directory_uid);
