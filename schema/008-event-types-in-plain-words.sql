-- Three types of events were renamed, so that a filter by type finds the earlier events too.
update events set type = 'app.expired' where type = 'app.lapsed';
update events set type = 'logout-token.delivered' where type = 'logout.told';
update events set type = 'logout-token.failed' where type = 'logout.untold';
