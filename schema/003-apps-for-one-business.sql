-- The one business that an app may act for; null when it may act for every business of its directory. The app ends with this business.
alter table apps add column business_uid text references businesses (uid);
