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
