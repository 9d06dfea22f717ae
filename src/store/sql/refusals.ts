import type { Db } from '../engine/db.ts'
import type { KeptRefusal, Refusals } from '../nouns/refusals.ts'
import { insert } from './columns.ts'

export function refusals(db: Db): Refusals {
  return {
    async add(rows) {
      const steps = rows.map((each) => {
        const { sql, params } = insert('refusals', {
          reference: each.reference,
          at: each.at,
          method: each.method,
          path: each.path,
          status: each.status,
          code: each.code,
          field: each.field,
          message: each.sentence,
          check_name: each.check,
          fix: each.fix,
          app_uid: each.appUid,
          request: each.request,
        })
        return { sql: `${sql} on conflict (reference) do nothing`, params }
      })
      if (steps.length > 0) await db.write(steps)
    },
    async find(reference) {
      const row = await db.one('select * from refusals where reference = $1', [reference])
      if (!row) return undefined
      const { check_name: check, app_uid: appUid, message: sentence, ...rest } = row
      return { ...rest, check, appUid, sentence } as unknown as KeptRefusal
    },
  }
}
