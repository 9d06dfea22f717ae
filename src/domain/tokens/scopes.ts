import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { nearest } from '../../kit/nearest.ts'
import { Problem } from '../../kit/refusal.ts'
import type { App } from '../../store/nouns/apps.ts'

const SHIPPED = new URL('../../../schema/scopes.json', import.meta.url)

/** RFC 6749 §3.3: any printable ASCII character but space, quote and backslash. */
const scopeName = /^[\x21\x23-\x5B\x5D-\x7E]{1,100}$/

const Entries = z.record(
  z.string().regex(scopeName, 'a scope is 1 to 100 printable characters without space, quote or backslash'),
  z.strictObject({
    who: z.enum(['everyone', 'registered', 'internal']),
    sentence: z
      .record(z.string(), z.string().min(1).max(300))
      .refine((sentences) => 'en' in sentences, 'needs an English sentence'),
    within: z.string().optional(),
    alone: z.boolean().optional(),
  }),
)

/** What is about a person, and so never for an app that speaks for itself alone. */
export const OF_A_PERSON: readonly string[] = ['openid', 'profile', 'email', 'phone', 'address', 'offline_access']

const Catalogue = Entries.superRefine((entries, context) => {
  for (const [name, { within }] of Object.entries(entries)) {
    // One step and no more, so that what is left out is always covered by a sentence that is shown.
    if (within === undefined || (within !== name && entries[within] && entries[within].within === undefined)) continue
    const message = 'must name another scope of the catalogue, one that is not within a third'
    context.addIssue({ code: 'custom', path: [name, 'within'], message })
  }
  for (const name of OF_A_PERSON) {
    if (!entries[name]?.alone) continue
    context.addIssue({
      code: 'custom',
      path: [name, 'alone'],
      message: 'is about a person, whom an app alone does not have',
    })
  }
})

/** A sentence for people, and the language it is in: a catalogue may not have the one that was asked for. */
export interface ScopeSentence {
  sentence: string
  language: string
}

/**
 * The scopes there are. `everyone`: any app may ask for it. `registered`: an app that registered it. `internal`: only the platform
 * itself may register an app for it. Of a scope `within` another, the other's sentence says everything. One that may stand `alone` may also
 * be used by an app that registered it for itself, for no business and no person.
 */
export interface Scopes {
  names: readonly string[]
  has(name: string): boolean
  /**
   * What these scopes allow together, for people, in this language or else in English. Nothing is said twice: a scope within another that
   * is among them has no sentence of its own. Names that the catalogue does not have are passed over.
   */
  sentences(names: readonly string[], language: string): ScopeSentence[]
  /** Whether the app may ask for it. */
  mayAsk(app: { scopes: readonly string[] }, name: string): boolean
  /** Whether the app may use it for itself alone (RFC 6749 §4.4): only what it registered, and only where the catalogue says so. */
  mayUseAlone(app: { scopes: readonly string[] }, name: string): boolean
  /** Whether an app may be registered for it, by a directory or by the platform itself. */
  mayRegister(name: string, isInternal: boolean): boolean
  /** Refuses scopes that an app may not be registered for. */
  checkRegistrable(names: readonly string[], isInternal: boolean): void
}

/** What an app gets that registers no scopes of its own: the platform's sign-in, as its existing apps know it. */
export const DEFAULT_SCOPES: readonly string[] = ['openid', 'profile', 'email']

/**
 * What an app asks for that names no scope (RFC 6749 §3.3): all that it was registered for; of what an app has only by its own word, the
 * usual ones, so that nobody is asked for everything by accident.
 */
export function unaskedScopes({ origin, scopes }: Pick<App, 'origin' | 'scopes'>): readonly string[] {
  const usual = origin === 'platform' ? [] : scopes.filter((name) => DEFAULT_SCOPES.includes(name))
  return usual.length > 0 ? usual : scopes
}

/** The catalogue cannot be used; the message says which file and where it is wrong. */
export class WrongCatalogue extends Error {}

/** Reads the operator's catalogue, or the one that ships; throws a WrongCatalogue that says where it is wrong. */
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
  return {
    names: [...entries.keys()],
    has: (name) => entries.has(name),
    sentences(names, language) {
      const shown = names.flatMap((name) => {
        const entry = entries.get(name)
        if (!entry || (entry.within !== undefined && names.includes(entry.within))) return []
        const { sentence } = entry
        const spoken = [language, language.split('-')[0]!].find((each) => Object.hasOwn(sentence, each)) ?? 'en'
        return { sentence: sentence[spoken]!, language: spoken }
      })
      return [...new Map(shown.map((each) => [each.sentence, each])).values()]
    },
    mayAsk: (app, name) => entries.get(name)?.who === 'everyone' || (entries.has(name) && app.scopes.includes(name)),
    mayUseAlone: (app, name) => entries.get(name)?.alone === true && app.scopes.includes(name),
    mayRegister: (name, isInternal) => entries.has(name) && (isInternal || entries.get(name)!.who !== 'internal'),
    checkRegistrable(names, isInternal) {
      for (const name of names) {
        const shown = scopeName.test(name) ? name : JSON.stringify(name.slice(0, 60))
        const who = entries.get(name)?.who
        if (!who) {
          const near = nearest(name.slice(0, 100), [...entries.keys()])
          const sentence = `The scope ${shown} does not exist${near ? `; the nearest one is ${near}` : ''}.`
          throw new Problem(422, sentence, { field: 'scopes' })
        }
        if (who === 'internal' && !isInternal) {
          throw new Problem(422, `Only the platform may register an app for the scope ${shown}.`, { field: 'scopes' })
        }
      }
    },
  }
}

/** Splits a scope parameter; undefined when it is not a list as RFC 6749 §3.3 has it. A name given twice counts once. */
export function readScope(text: string): string[] | undefined {
  const names = text.split(' ')
  return names.every((name) => scopeName.test(name)) ? [...new Set(names)] : undefined
}
