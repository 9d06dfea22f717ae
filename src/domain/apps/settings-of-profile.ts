import type { ReadDraft } from './app-draft.ts'
import { PROFILES, type Profile } from './setting.ts'
import { SETTINGS } from './settings.ts'

/** The default profile: every setting has its default, as the founding document needs it. */
export const FOUNDING: Profile = PROFILES[0]

/** The settings that a profile decides. */
export const PROFILE_SETTINGS = SETTINGS.filter(([, { profiles }]) => profiles !== undefined)

/** Returns the settings that a profile gives to a new app. The default profile gives none. */
export function settingsOfProfile(profile: Profile = FOUNDING): ReadDraft {
  const given = PROFILE_SETTINGS.flatMap(([name, { profiles }]) => {
    const value = profile === FOUNDING ? undefined : profiles?.[profile as keyof typeof profiles]
    return value === undefined ? [] : [[name, value]]
  })
  return Object.fromEntries(given)
}
