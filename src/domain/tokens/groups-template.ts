import type { Principal } from '../../store/nouns/chains.ts'
import { refuse } from '../apps/value-refusals.ts'

/** A role alone names no business: an admin of any business would be an admin of the whole app. */
const DEFAULT_TEMPLATE = '{business_uid}:{role}'
const PLACEHOLDERS = ['{business_uid}', '{role}']

/** Returns the group of a staff membership, as the template of an app forms it. */
export function groupOf({ businessUid, role }: Principal, template = DEFAULT_TEMPLATE): string {
  return template.replaceAll('{business_uid}', businessUid).replaceAll('{role}', role)
}

/** Whether the groups of different businesses differ. */
export function namesBusiness(template: string): boolean {
  return template.includes('{business_uid}')
}

/** Refuses a text that cannot be a template of groups. */
export function checkGroupsTemplate(template: string): void {
  if (!/^[\x20-\x7E]{1,200}$/.test(template)) refuse('groups-template.characters')
  const others = PLACEHOLDERS.reduce((rest, each) => rest.replaceAll(each, ''), template)
  if (/[{}]/.test(others)) refuse('groups-template.placeholder', { placeholders: PLACEHOLDERS.join(' and ') })
}
