import { nearest } from '../../kit/nearest.ts'
import type { App } from '../../store/nouns/apps.ts'
import { CLAIMS_OF_SCOPES } from './claim-names.ts'
import { refuse } from './refusals.ts'
import { type Access, OF_A_PERSON, readScopeCatalogue, scopeName } from './scope-catalogue.ts'

/** A text of the catalogue, and its language: the catalogue may lack the requested one. */
export interface CatalogueText {
  text: string
  language: string
}

/** What scopes allow, for people. */
export interface ScopeDescription {
  /** The scopes with this description. */
  names: readonly string[]
  description: CatalogueText
  access: Access
  /** What it is about: the heading of the catalogue, the person, or else the business. */
  area: CatalogueText | 'person' | 'business'
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
   * Returns what these scopes allow, in this language or else in English, in the order of the catalogue. Skips unknown names, scopes that another
   * of them implies, and scopes that the platform gives.
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

/** Reads the operator's catalogue, or the default one. Throws a WrongCatalogue. */
export function openScopes(file?: string): Scopes {
  const entries = readScopeCatalogue(file)
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
  const isOfPerson = (name: string) => OF_A_PERSON.includes(name) || entries.get(name)?.claims !== undefined
  return {
    names,
    open,
    defaults,
    ownDefaults: ownDefaults.length > 0 ? ownDefaults : ['openid'],
    has: (name) => entries.has(name),
    describe(asked, language) {
      const described = new Map<string, ScopeDescription>()
      for (const [name, entry] of entries) {
        const isImplied = entry.implied_by !== undefined && asked.includes(entry.implied_by)
        if (!asked.includes(name) || isImplied || entry.given_by === 'platform') continue
        const description = textIn(language, entry.description)
        const same = described.get(description.text)
        const area = entry.area ? textIn(language, entry.area) : isOfPerson(name) ? 'person' : 'business'
        const access = entry.access ?? usualAccess(name, isOfPerson(name))
        described.set(description.text, { description, access, area, names: [...(same?.names ?? []), name] })
      }
      return [...described.values()]
    },
    isOfPerson,
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

/** Returns a text of the catalogue in this language, in that language without its region, or else in English. */
function textIn(language: string, texts: Readonly<Record<string, string>>): CatalogueText {
  const found = [language, language.split('-')[0]!].find((each) => Object.hasOwn(texts, each)) ?? 'en'
  return { text: texts[found]!, language: found }
}

/** Returns the kind of access of a scope that does not name it. In doubt it is a change, so that nothing looks more harmless than it is. */
function usualAccess(name: string, isOfPerson: boolean): Access {
  if (/(^|[^a-z])delete$/i.test(name)) return 'delete'
  return isOfPerson || /(^|[^a-z])read$/i.test(name) ? 'see' : 'change'
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
