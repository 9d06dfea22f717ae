-- The slash of an empty path makes no difference between two identifiers (RFC 3986 §6.2.3), so `identifier_key` is without it. A resource keeps its
-- key if another live one has the shorter one.
update resources set identifier_key = substr(identifier_key, 1, length(identifier_key) - 1)
  where ended_at is null and identifier_key like 'http%://%/' and identifier_key not like 'http%://%/%_'
    and not exists (
      select 1 from resources o
      where o.ended_at is null
        and o.identifier_key = substr(resources.identifier_key, 1, length(resources.identifier_key) - 1)
    );

-- What the JWT access tokens of a resource contain (RFC 9068 §2.2), as a JSON list of claims, and their `typ`. Null for the default.
alter table resources add column token_claims text;
alter table resources add column token_typ text;
