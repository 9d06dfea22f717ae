import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { Problem } from '../kit/refusal.ts'

const SHIPPED = new URL('../../schema/scopes.json', import.meta.url)

/** RFC 6749 §3.3: any printable ASCII character but space, quote and backslash. */
const scopeName = /^[\x21\x23-\x5B\x5D-\x7E]{1,100}$/

const Catalogue = z.record(
  z.string().regex(scopeName, 'a scope is 1 to 100 printable characters without space, quote or backslash'),
  z.strictObject({
    who: z.enum(['everyone', 'registered', 'internal']),
    sentence: z
      .record(z.string(), z.string().min(1).max(300))
      .refine((sentences) => 'en' in sentences, 'needs an English sentence'),
  }),
)

/**
 * The scopes there are. `everyone`: any app may ask for it. `registered`: an app that registered it. `internal`: only the platform
 * itself may register an app for it.
 */
export interface Scopes {
  names: readonly string[]
  has(name: string): boolean
  /** What it allows, for people, in the first of these languages that the catalogue speaks. */
  sentence(name: string, language: string): string
  /** Whether the app may ask for it. */
  mayAsk(app: { scopes: readonly string[] }, name: string): boolean
  /** Whether an app may be registered for it, by a directory or by the platform itself. */
  mayRegister(name: string, isInternal: boolean): boolean
  /** Refuses scopes that an app may not be registered for. */
  checkRegistrable(names: readonly string[], isInternal: boolean): void
}

/** What an app gets that registers no scopes of its own: the platform's sign-in, as its existing apps know it. */
export const DEFAULT_SCOPES: readonly string[] = ['openid', 'profile', 'email']

/** Reads the operator's catalogue, or the one that ships; throws an error that says where it is wrong. */
export function openScopes(file?: string): Scopes {
  const where = file ?? SHIPPED
  let catalogue: z.infer<typeof Catalogue>
  try {
    catalogue = Catalogue.parse(JSON.parse(readFileSync(where, 'utf8')))
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message
    throw new Error(`The catalogue of scopes in ${file ?? 'schema/scopes.json'} cannot be used: ${why}`, {
      cause: error,
    })
  }
  const entries = new Map(Object.entries(catalogue))
  if (!entries.has('openid')) throw new Error('The catalogue of scopes needs `openid`.')
  return {
    names: [...entries.keys()],
    has: (name) => entries.has(name),
    sentence: (name, language) => {
      const { sentence } = entries.get(name)!
      return sentence[language] ?? sentence[language.split('-')[0]!] ?? sentence.en!
    },
    mayAsk: (app, name) => entries.get(name)?.who === 'everyone' || (entries.has(name) && app.scopes.includes(name)),
    mayRegister: (name, isInternal) => entries.has(name) && (isInternal || entries.get(name)!.who !== 'internal'),
    checkRegistrable(names, isInternal) {
      for (const name of names) {
        const shown = scopeName.test(name) ? name : JSON.stringify(name.slice(0, 60))
        const who = entries.get(name)?.who
        if (!who) throw new Problem(422, `The scope ${shown} does not exist.`, { field: 'scopes' })
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
