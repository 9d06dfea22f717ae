import type { Parts } from '../parts.ts'
import type { Actor } from './actor.ts'
import type { EventFields, EventType } from './event-types.ts'
import { newEvent } from './new-event.ts'

/**
 * Stores an event without a change, such as a failed attempt. Events about one `key`, such as an app or a visitor, are limited, so that the audit
 * cannot be flooded.
 */
export async function note<Type extends EventType>(
  type: Type,
  key: string,
  by: Actor,
  fields: EventFields<Type>,
  { store, clock, limits }: Pick<Parts, 'store' | 'clock' | 'limits'>,
): Promise<void> {
  if (limits.may('audit-lines', key)) await store.events.add(newEvent(type, clock.now(), by, fields))
}

/**
 * Stores an event like `note`, but with the next kept refusals. So the answer to a refused request does not take longer because there was
 * something to note, which would reveal that an app exists.
 */
export function noteLater<Type extends EventType>(
  type: Type,
  key: string,
  by: Actor,
  fields: EventFields<Type>,
  { clock, limits, refusals }: Pick<Parts, 'clock' | 'limits' | 'refusals'>,
): void {
  if (limits.may('audit-lines', key)) refusals.note(newEvent(type, clock.now(), by, fields))
}
