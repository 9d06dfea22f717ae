/**
 * What "live" means for each noun. Every function returns SQL for an alias. A row is *not ended* by itself, and *live* if what it belongs to
 * has not ended either.
 */
export const notEnded = (alias: string) => `${alias}.ended_at is null`

/** Its directory has not ended. What belongs to the platform has no directory. */
const liveOwner = (alias: string) =>
  `not exists (select 1 from directories owner where owner.uid = ${alias}.directory_uid and owner.ended_at is not null)`

/** An app for one business ends with that business, as it ends with its directory. */
export const liveApp = (a: string) => `${notEnded(a)} and ${liveOwner(a)}
  and not exists (select 1 from businesses its where its.uid = ${a}.business_uid and its.ended_at is not null)`

export const liveResource = (r: string) => `${notEnded(r)} and ${liveOwner(r)}`

export const livePlatformToken = (t: string) => `${notEnded(t)} and ${liveOwner(t)}`

/** A secret `s` at the time `now`, which is a parameter such as `$2`. */
export const liveSecret = (s: string, now: string) =>
  `${notEnded(s)} and (${s}.expires_at is null or ${s}.expires_at > ${now})`

/** Joins the live business `b` of a row, and its directory `d`. */
export const joinLiveBusiness = (from: string, join = 'join') =>
  `${join} businesses b on b.uid = ${from}.business_uid and ${notEnded('b')}
    ${join} directories d on d.uid = b.directory_uid and ${notEnded('d')}`

/** Joins the chain `c` of a code or token if it has not ended. What the chain hangs on is in `live-chain.ts`. */
export const joinOpenChain = (from: string) => `join chains c on c.uid = ${from}.chain_uid and ${notEnded('c')}`

/** The chain of a code or token has not ended. */
export const onOpenChain = (from: string) =>
  `exists (select 1 from chains c where c.uid = ${from}.chain_uid and ${notEnded('c')})`

/**
 * Joins to an install `i` everything that must be alive with it: app `a`, business `b`, directory `d`, staff membership `s`, person `p`. An app
 * of a directory is installed only there, so its owner is `d`. An app for one business is alive only there, also where it was installed before.
 * `staffUid` is a parameter or column.
 */
export const joinLiveInstall = (join: 'join' | 'left join', staffUid: string) => `
    ${join} apps a on a.uid = i.app_uid and ${notEnded('a')} and (a.business_uid is null or a.business_uid = i.business_uid)
    ${joinLiveBusiness('i', join)}
    ${join} staff s on s.uid = ${staffUid} and s.business_uid = i.business_uid and ${notEnded('s')}
    ${join} people p on p.uid = s.person_uid and ${notEnded('p')}`
