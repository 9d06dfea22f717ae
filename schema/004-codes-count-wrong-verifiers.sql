-- How often a code was presented with a wrong `code_verifier` (RFC 7636). After a few, the code expires.
alter table codes add column wrong_verifiers bigint not null default 0;
