import { appRefusals } from '../../src/domain/apps/refusals.ts'
import { uriRefusals } from '../../src/domain/apps/uri-refusals.ts'
import { valueRefusals } from '../../src/domain/apps/value-refusals.ts'
import { reachRefusals } from '../../src/domain/audit/actor.ts'
import { businessRefusals } from '../../src/domain/businesses/refusals.ts'
import { limitRefusals } from '../../src/domain/limits.ts'
import { peopleRefusals } from '../../src/domain/people/refusals.ts'
import { tokenRefusals } from '../../src/domain/tokens/refusals.ts'
import { httpRefusals } from '../../src/http/refusals.ts'
import type { RefusalRow } from '../../src/kit/refusal.ts'
import { kitRefusals } from '../../src/kit/refusals.ts'
import { loginRefusals } from '../../src/login/refusals.ts'
import { oauthRefusals } from '../../src/oauth/errors/refusals.ts'
import { opsRefusals } from '../../src/ops/refusals.ts'
import { platformRefusals } from '../../src/platform/refusals.ts'
import { storeRefusals } from '../../src/store/refusals.ts'

/** Every table of refusals, by who reads them. */
export const REFUSALS: readonly [title: string, rows: Readonly<Record<string, RefusalRow>>][] = [
  ['The protocol: authorization, tokens, registration, sign-out', oauthRefusals.rows],
  ['The management API', platformRefusals.rows],
  ['Apps and their settings', appRefusals.rows],
  ['Values of settings and of fields', valueRefusals.rows],
  ['URIs, as a reason in other messages', uriRefusals.rows],
  ['Resources, scopes and tokens', tokenRefusals.rows],
  ['Directories, businesses and staff', businessRefusals.rows],
  ['People', peopleRefusals.rows],
  ['Acts out of reach', reachRefusals.rows],
  ['Sign-in pages', loginRefusals.rows],
  ['Too many requests', limitRefusals.rows],
  ['Any request', httpRefusals.rows],
  ['The server and its database', { ...opsRefusals.rows, ...kitRefusals.rows, ...storeRefusals.rows }],
]

/** docs/errors.md: what each refusal says and what to do about it, made from the tables. */
export function errorsPage(): string {
  return `${[
    '# Error reference',
    'Every error that Behalf answers, and what to do about it. The key never changes; `behalf why` shows it as `Check`. Words in braces are filled in:\n`{field}` is the name of the setting, as it was sent. (`npm run docs` generates this page.)',
    ...REFUSALS.flatMap(([title, rows]) => [`## ${title}`, tableOf(rows)]),
  ].join('\n\n')}\n`
}

function tableOf(rows: Readonly<Record<string, RefusalRow>>): string {
  const lines = Object.entries(rows).map(([key, { status, code, says, fix = '' }]) =>
    [`\`${key}\``, `${status}${code === undefined ? '' : ` ${code}`}`, says, fix].map(cell).join(''),
  )
  return ['| key | status | what it says | what to do |', '|---|---|---|---|', ...lines.map((line) => `${line}|`)].join(
    '\n',
  )
}

const cell = (text: string) => `| ${text.replaceAll('|', '\\|').replaceAll('<', '&lt;')} `
