import type { Db } from '../engine/db.ts'
import type { Membership, Staff, StaffMemberships } from '../nouns/staff.ts'
import { joinLiveBusiness, notEnded } from './alive.ts'
import { camel } from './columns.ts'
import { eventStep } from './events.ts'
import { PEOPLE } from './people.ts'
import { table } from './table.ts'
import { ending, finding, listing } from './verbs.ts'

const STAFF = table<Staff>('staff', 'uid, business_uid, person_uid, role, created_at')
const MEMBERSHIPS = `select s.uid as staff_uid, s.role, b.uid as business_uid, b.name as business_name, b.directory_uid
  from staff s ${joinLiveBusiness('s')}
  where s.person_uid = $1 and ${notEnded('s')}
  order by b.name, b.uid`

export function staff(db: Db): StaffMemberships {
  return {
    async add(membership, person, event) {
      await db.write([...(person ? [PEOPLE.add(person)] : []), STAFF.add(membership), eventStep(event)])
    },
    find: finding(db, camel<Staff>, 'select * from staff where uid = $1'),
    memberships: listing(db, camel<Membership>, MEMBERSHIPS),
    end: ending(db, 'staff'),
  }
}
