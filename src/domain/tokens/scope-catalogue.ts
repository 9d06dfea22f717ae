import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { BUSINESS_CLAIMS, CLAIMS_OF_SCOPES, PERSONAL_CLAIMS } from './claim-names.ts'

const SHIPPED = new URL('../../../schema/scopes.json', import.meta.url)

/** RFC 6749 §3.3: any printable ASCII character but space, quote and backslash. */
export const scopeName = /^[\x21\x23-\x5B\x5D-\x7E]{1,100}$/

/** The kinds of access that the permission dialog shows differently. */
const ACCESSES = ['see', 'change', 'delete', 'other'] as const
export type Access = (typeof ACCESSES)[number]

const texts = (most: number) =>
  z.record(z.string(), z.string().min(1).max(most)).refine((texts) => 'en' in texts, 'needs an English text')

const Entry = z.strictObject({
  available_to: z.enum(['everyone', 'registered', 'internal']),
  description: texts(300),
  area: texts(60).optional(),
  access: z.enum(ACCESSES).optional(),
  given_by: z.enum(['business', 'platform']).optional(),
  implied_by: z.string().optional(),
  claims: z
    .array(z.enum([...PERSONAL_CLAIMS, ...BUSINESS_CLAIMS]))
    .min(1)
    .optional(),
  client_credentials: z.boolean().optional(),
  default: z.boolean().optional(),
})
type Entry = z.infer<typeof Entry>

const Entries = z.record(
  z.string().regex(scopeName, 'a scope is 1 to 100 printable characters without space, quote or backslash'),
  Entry,
)

/** The standard scopes about a person. */
export const OF_A_PERSON: readonly string[] = ['openid', ...Object.keys(CLAIMS_OF_SCOPES), 'offline_access']

const Catalogue = Entries.superRefine((entries, context) => {
  for (const [name, entry] of Object.entries(entries)) {
    const refuse = (member: keyof Entry, message: string) =>
      context.addIssue({ code: 'custom', path: [name, member], message })
    const isOfPerson = OF_A_PERSON.includes(name) || entry.claims !== undefined
    const parent = entry.implied_by
    // One level only, so that the dialog always shows the description that covers a scope it leaves out.
    if (parent !== undefined && (parent === name || !entries[parent] || entries[parent].implied_by !== undefined))
      refuse('implied_by', 'must name another scope of the catalogue, one that no third scope implies')
    if (entry.default && entry.available_to === 'internal')
      refuse('default', 'must be left out: only the platform may register an app for this scope')
    if (entry.client_credentials && isOfPerson)
      refuse(
        'client_credentials',
        'must be left out: the scope is about a person, and the client credentials grant has none',
      )
    if (entry.given_by === 'platform' && (isOfPerson || entry.available_to === 'everyone'))
      refuse('given_by', 'must be left out: a person gives a scope about them, and any app has this one')
  }
})

/** The catalogue cannot be used. The message names the file and the error. */
export class WrongCatalogue extends Error {}

/** Reads the operator's catalogue of scopes, or the default one. Throws a WrongCatalogue. */
export function readScopeCatalogue(file?: string): ReadonlyMap<string, Entry> {
  const name = `The catalogue of scopes in ${file ?? 'schema/scopes.json'}`
  let catalogue: z.infer<typeof Catalogue>
  try {
    catalogue = Catalogue.parse(JSON.parse(readFileSync(file ?? SHIPPED, 'utf8')))
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message
    throw new WrongCatalogue(`${name} cannot be used: ${why}`, { cause: error })
  }
  if (!catalogue.openid) throw new WrongCatalogue(`${name} needs \`openid\`.`)
  return new Map(Object.entries(catalogue))
}
