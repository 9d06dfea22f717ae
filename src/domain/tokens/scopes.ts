import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { nearest } from '../../kit/nearest.ts'
import type { App } from '../../store/nouns/apps.ts'
import { BUSINESS_CLAIMS, CLAIMS_OF_SCOPES, PERSONAL_CLAIMS } from './claim-names.ts'
import { refuse } from './refusals.ts'

const SHIPPED = new URL('../../../schema/scopes.json', import.meta.url)

/** RFC 6749 §3.3: any printable ASCII character but space, quote and backslash. */
const scopeName = /^[\x21\x23-\x5B\x5D-\x7E]{1,100}$/

const Entries = z.record(
  z.string().regex(scopeName, 'a scope is 1 to 100 printable characters without space, quote or backslash'),
  z.strictObject({
    available_to: z.enum(['everyone', 'registered', 'internal']),
    description: z
      .record(z.string(), z.string().min(1).max(300))
      .refine((descriptions) => 'en' in descriptions, 'needs an English description'),
    implied_by: z.string().optional(),
    claims: z
      .array(z.enum([...PERSONAL_CLAIMS, ...BUSINESS_CLAIMS]))
      .min(1)
      .optional(),
    client_credentials: z.boolean().optional(),
    default: z.boolean().optional(),
  }),
)

/** The standard scopes about a person. */
const OF_A_PERSON: readonly string[] = ['openid', ...Object.keys(CLAIMS_OF_SCOPES), 'offline_access']

const Catalogue = Entries.superRefine((entries, context) => {
  for (const [name, { implied_by: parent }] of Object.entries(entries)) {
    // One level only, so that the dialog always shows the description that covers a scope it leaves out.
    if (parent === undefined || (parent !== name && entries[parent] && entries[parent].implied_by === undefined))
      continue
    const message = 'must name another scope of the catalogue, one that no third scope implies'
    context.addIssue({ code: 'custom', path: [name, 'implied_by'], message })
  }
  for (const [name, entry] of Object.entries(entries)) {
    if (!entry.default || entry.available_to !== 'internal') continue
    const message = 'must be left out: only the platform may register an app for this scope'
    context.addIssue({ code: 'custom', path: [name, 'default'], message })
  }
  for (const [name, { claims, client_credentials }] of Object.entries(entries)) {
    if (!client_credentials || !(OF_A_PERSON.includes(name) || claims)) continue
    context.addIssue({
      code: 'custom',
      path: [name, 'client_credentials'],
      message: 'must be left out: the scope is about a person, and the client credentials grant has none',
    })
  }
})

/** What a scope allows, in a text for people, and the language of the text: the catalogue may lack the requested language. */
export interface ScopeDescription {
  description: string
  language: string
}

/** Whether the platform limited an app that introduced itself to the scopes that it has registered. */
export const isLimited = ({ origin, protocol }: Asker): boolean =>
  origin !== 'platform' && protocol.lockedSettings?.includes('scope') === true

/** An app, as far as it decides which scopes it may request. */
export type Asker = Pick<App, 'origin' | 'scopes' | 'protocol'>

/**
 * The catalogue of scopes. `available_to` says which apps may ask for a scope: `everyone`; apps that are `registered` for it, and apps that
 * introduced themselves; or only apps that the platform registered for it (`internal`). A scope `implied_by` another is covered by the
 * description of that other scope. A scope with `client_credentials` may also be used by an app that registered it, for itself, with no
 * business and no person. Apps that are registered without scopes get those with `default`. A scope with `claims` gives these claims at
 * userinfo.
 */
export interface Scopes {
  names: readonly string[]
  /** The scopes that an app can have without the platform's help: all but the `internal` ones. */
  open: readonly string[]
  /** The scopes of an app that a partner or the platform registers without any. */
  defaults: readonly string[]
  /** The scopes of an app that introduces itself without any: the default ones that are available to everyone. */
  ownDefaults: readonly string[]
  has(name: string): boolean
  /**
   * Returns what these scopes allow, in this language or else in English. Skips unknown names, and scopes that another of them implies.
   */
  describe(names: readonly string[], language: string): ScopeDescription[]
  /** Whether a scope is about a person. An app that acts for itself never gets it. */
  isOfPerson(name: string): boolean
  /** The claims that a scope gives (OpenID Connect Core §5.4), by the standard or by the catalogue. */
  claimsOf(name: string): readonly string[]
  /** Whether the app may request this scope. */
  mayAsk(app: Asker, name: string): boolean
  /** The first of these scopes that the app may not request. */
  findForbidden(app: Asker, names: readonly string[]): string | undefined
  /** The scopes that the app may still request: a token loses a scope when its app loses it. */
  stillAllowed(app: Asker, names: readonly string[]): readonly string[]
  /** Whether the app may use this scope with the client credentials grant (RFC 6749 §4.4): it registered the scope, and the catalogue allows it. */
  mayUseWithoutPerson(app: { scopes: readonly string[] }, name: string): boolean
  /** Refuses scopes that an app may not be registered for. */
  checkRegistrable(names: readonly string[], isInternal: boolean): void
}

/** The default scopes of a catalogue that marks none. */
const USUAL_DEFAULTS: readonly string[] = ['openid', 'profile', 'email']

/** The catalogue cannot be used. The message names the file and the error. */
export class WrongCatalogue extends Error {}

/** Reads the operator's catalogue, or the default one. Throws a WrongCatalogue. */
export function openScopes(file?: string): Scopes {
  const where = file ?? SHIPPED
  const name = `The catalogue of scopes in ${file ?? 'schema/scopes.json'}`
  let catalogue: z.infer<typeof Catalogue>
  try {
    catalogue = Catalogue.parse(JSON.parse(readFileSync(where, 'utf8')))
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message
    throw new WrongCatalogue(`${name} cannot be used: ${why}`, { cause: error })
  }
  const entries = new Map(Object.entries(catalogue))
  if (!entries.has('openid')) throw new WrongCatalogue(`${name} needs \`openid\`.`)
  const names = [...entries.keys()]
  const marked = names.filter((name) => entries.get(name)!.default)
  const open = names.filter((name) => entries.get(name)!.available_to !== 'internal')
  const defaults = marked.length > 0 ? marked : USUAL_DEFAULTS.filter((name) => open.includes(name))
  const ownDefaults = defaults.filter((name) => entries.get(name)!.available_to === 'everyone')
  // The scope that an app which introduced itself has registered is its default, not its limit: it can register any other at any time, and
  // a person must allow each. If the platform locked the scope, it is the limit.
  const mayAsk = (app: Asker, name: string) => {
    const { origin, scopes } = app
    if (isLimited(app) && !scopes.includes(name)) return false
    const availableTo = entries.get(name)?.available_to
    if (availableTo === 'everyone' || (availableTo === 'registered' && origin !== 'platform')) return true
    return availableTo !== undefined && scopes.includes(name)
  }
  return {
    names,
    open,
    defaults,
    ownDefaults: ownDefaults.length > 0 ? ownDefaults : ['openid'],
    has: (name) => entries.has(name),
    describe(names, language) {
      const shown = names.flatMap((name) => {
        const entry = entries.get(name)
        if (!entry || (entry.implied_by !== undefined && names.includes(entry.implied_by))) return []
        const { description } = entry
        const found = [language, language.split('-')[0]!].find((each) => Object.hasOwn(description, each)) ?? 'en'
        return { description: description[found]!, language: found }
      })
      return [...new Map(shown.map((each) => [each.description, each])).values()]
    },
    isOfPerson: (name) => OF_A_PERSON.includes(name) || entries.get(name)?.claims !== undefined,
    claimsOf: (name) => [
      ...(Object.hasOwn(CLAIMS_OF_SCOPES, name) ? CLAIMS_OF_SCOPES[name]! : []),
      ...(entries.get(name)?.claims ?? []),
    ],
    mayAsk,
    findForbidden: (app, names) => names.find((name) => !mayAsk(app, name)),
    stillAllowed: (app, names) =>
      // Nearly always, all of them are allowed.
      names.every((name) => mayAsk(app, name)) ? names : names.filter((name) => mayAsk(app, name)),
    mayUseWithoutPerson: (app, name) => entries.get(name)?.client_credentials === true && app.scopes.includes(name),
    checkRegistrable(names, isInternal) {
      for (const name of names) {
        const shown = scopeName.test(name) ? name : JSON.stringify(name.slice(0, 60))
        const availableTo = entries.get(name)?.available_to
        if (!availableTo) {
          const near = nearest(name.slice(0, 100), [...entries.keys()])
          refuse('scope.unregistrable', { scope: shown, nearest: near ? `; the nearest one is ${near}` : '' })
        }
        if (availableTo === 'internal' && !isInternal) refuse('scope.platform-only', { scope: shown })
      }
    },
  }
}

/**
 * Splits a scope parameter into its names, without repeats; the list is empty if the text is blank. Ignores superfluous spaces, which many
 * clients send. Returns undefined when a name breaks the syntax of RFC 6749 §3.3.
 */
export function readScope(text: string): string[] | undefined {
  const names = splitScopes(text)
  return names.every((name) => scopeName.test(name)) ? [...new Set(names)] : undefined
}

/** Splits a text at its spaces, without checking the names. */
export function splitScopes(text: string): string[] {
  return text.split(' ').filter((name) => name !== '')
}
