import type { Codes } from '../../store/nouns/codes.ts'
import type { Actor } from '../audit/actor.ts'
import { newEvent } from '../audit/new-event.ts'
import type { Parts } from '../parts.ts'

type Approval = Omit<Parameters<Codes['begin']>[0], 'event'>

/** What the audit records: how the app was allowed, in which directory, and for which scopes. */
interface Allowed {
  how: 'given' | 'trusted' | 'remembered'
  directoryUid: string
  asked: readonly string[]
}

/** Stores an approval, which connects the app to the business. Undefined when what the decision rested on has changed. */
export function connectApp(
  approval: Approval,
  { how, directoryUid, asked }: Allowed,
  by: Actor,
  { store }: Pick<Parts, 'store'>,
): ReturnType<Codes['begin']> {
  const { uid, appUid, businessUid, createdAt } = approval.chain
  const fields = { directoryUid, businessUid, appUid, subject: uid, details: { scopes: asked } }
  return store.codes.begin({ ...approval, event: newEvent(`consent.${how}`, createdAt, by, fields) })
}
