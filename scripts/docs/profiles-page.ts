import { PROFILES, type Setting } from '../../src/domain/apps/setting.ts'
import { FOUNDING, PROFILE_SETTINGS } from '../../src/domain/apps/settings-of-profile.ts'

/** Returns the content of docs/app-profiles.md. A test fails when the file is stale. */
export function profilesPage(): string {
  return [
    '# Profiles of settings',
    '',
    'A profile is a set of values for the settings of a new app. Send `profile` when you [register an app](registering-apps.md), or use the option',
    '`--profile` of `behalf app create`. Settings that you send yourself override those of the profile.',
    '',
    '- `founding`, the default, suits existing apps of the platform, which send short requests and keep their tokens for years: without another setting,',
    '  access tokens live 20 years, and one hour for public apps.',
    '- `standard` suits new apps whose library follows OAuth 2.1 and OpenID Connect. With tokens of one hour, such an app needs',
    '  [refresh tokens](refresh-tokens.md).',
    '',
    `| setting | command line | ${PROFILES.map((name) => `\`${name}\``).join(' | ')} | meaning |`,
    `|---|---|${PROFILES.map(() => '---|').join('')}---|`,
    ...PROFILE_SETTINGS.map(([, row]) => rowOf(row)),
    '',
    'The profile of an app cannot change later, but each of its settings can. The answer to the registration shows the profile that you sent and these',
    'settings. [Settings of an app](app-settings.md) lists all settings.',
    '',
    'This page is generated from the tables of settings in `src/domain/apps` by `npm run docs`.',
    '',
  ].join('\n')
}

function rowOf({ names, profiles, default: byDefault, about }: Setting): string {
  const values = PROFILES.map((name) => (name === FOUNDING ? undefined : profiles?.[name as keyof typeof profiles]))
  const shown = values.map((value) => value ?? byDefault ?? undefined)
  const cells = shown.map((value) => (value === undefined ? 'not set' : `\`${value}\``))
  return `| \`${names.platform}\` | \`--${names.cli}\` | ${cells.join(' | ')} | ${about} |`
}
