-- Where the people of a directory find help and its privacy policy: an https URL, or a mailto URL for support. Null without one.
alter table directories add column support_url text;
alter table directories add column privacy_url text;
