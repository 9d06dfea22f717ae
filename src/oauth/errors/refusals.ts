import { defineRefusals } from '../../kit/refusal.ts'
import { AUTHORIZATION_ROWS } from './authorization-rows.ts'
import { CLIENT_ROWS } from './client-rows.ts'
import { FIXES, statusOf } from './error-code.ts'
import type { ProtocolRow } from './protocol-row.ts'
import { REGISTRATION_ROWS } from './registration-rows.ts'
import { TOKEN_ROWS } from './token-rows.ts'

/** All refusals of the protocol, for the app's developer. */
export const oauthRefusals = completed({ ...AUTHORIZATION_ROWS, ...CLIENT_ROWS, ...TOKEN_ROWS, ...REGISTRATION_ROWS })

export const refusal: typeof oauthRefusals.refusal = oauthRefusals.refusal
export const refuse: typeof oauthRefusals.refuse = oauthRefusals.refuse

function completed<const Rows extends Record<string, ProtocolRow>>(rows: Rows) {
  const all = Object.entries<ProtocolRow>(rows).map(([key, row]) => [
    key,
    { status: statusOf(row.code), fix: FIXES[row.code], ...row },
  ])
  return defineRefusals(Object.fromEntries(all) as { [Key in keyof Rows]: Rows[Key] & { status: number } })
}
