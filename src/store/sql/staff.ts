import type { Db } from '../engine/db.ts'
import type { Membership, Staff, StaffMemberships } from '../nouns/staff.ts'
import { joinLiveBusiness, notEnded } from './alive.ts'
import { bit, camel, insert, json } from './columns.ts'
import { ending } from './ending.ts'
import { eventStep } from './events.ts'

export function staff(db: Db): StaffMemberships {
  return {
    async add({ uid, businessUid, personUid, role, createdAt }, person, event) {
      const newPerson = person && [
        insert('people', {
          uid: person.uid,
          email: person.email,
          email_key: person.emailKey,
          name: person.name,
          password: person.password,
          email_verified: bit(person.emailVerified ?? false),
          profile: person.profile ? json(person.profile) : null,
          created_at: person.createdAt,
        }),
      ]
      const membership = { uid, business_uid: businessUid, person_uid: personUid, role, created_at: createdAt }
      await db.write([...(newPerson ?? []), insert('staff', membership), eventStep(event)])
    },
    async find(uid) {
      const row = await db.one('select * from staff where uid = $1', [uid])
      return row && camel<Staff>(row)
    },
    async memberships(personUid) {
      const rows = await db.all(
        `select s.uid as staff_uid, s.role, b.uid as business_uid, b.name as business_name, b.directory_uid
          from staff s
          ${joinLiveBusiness('s')}
          where s.person_uid = $1 and ${notEnded('s')}
          order by b.name, b.uid`,
        [personUid],
      )
      return rows.map((row) => camel<Membership>(row))
    },
    end: ending(db, 'staff'),
  }
}
