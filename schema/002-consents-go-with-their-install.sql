-- A consent counts for the install that it was given for, and for no later one. It is deleted when that install ends, so that a person's
-- answer is not kept for an app that the business has disconnected. The index finds the consents of an install.
create index consents_install on consents (install_uid);
delete from consents where install_uid in (select uid from installs where ended_at is not null);
