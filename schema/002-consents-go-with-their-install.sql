-- A consent is valid only for the install that it was given for, and is deleted when that install ends. The index finds the consents of an
-- install.
create index consents_install on consents (install_uid);
delete from consents where install_uid in (select uid from installs where ended_at is not null);
