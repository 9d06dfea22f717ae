import { plainName } from '../kit/plain-name.ts'
import type { Translate } from './messages/messages.ts'

/** Returns a role in words. A role that only the platform knows is an identifier, such as `front_desk`: it becomes "Front desk". */
export function roleName(role: string, t: Translate): string {
  if (role === 'owner' || role === 'admin') return t(`role.${role}`)
  const name = plainName(role)
  if (!/^[\p{L}\p{N}_.:-]+$/u.test(name)) return name
  const words = name.replaceAll(/(?<=[\p{Ll}\p{N}])(?=\p{Lu}\p{Ll})/gu, '_').split(/[_.:-]+/)
  const lower = words
    .map((word) => (/^\p{Lu}+$/u.test(word) ? word : word.toLowerCase()))
    .join(' ')
    .trim()
  return lower.charAt(0).toUpperCase() + lower.slice(1) || name
}
