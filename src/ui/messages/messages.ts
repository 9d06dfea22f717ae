import { readdir, readFile } from 'node:fs/promises'
import { z } from 'zod'
import english from './en.json' with { type: 'json' }

/** The name of a message, such as `signIn.title`. */
export type MessageKey = keyof typeof english.messages

/** Returns the message in the visitor's language, as plain text, with the values in place of the {placeholders}. */
export type Translate = (key: MessageKey, values?: Record<string, string | number>) => string

/** All messages in one language. */
export interface Translation {
  /** A BCP 47 tag. */
  language: string
  direction: 'ltr' | 'rtl'
  t: Translate
}

/** All messages, in every language. */
export interface Messages {
  /** Returns the first available language of BCP 47 tags or Accept-Language texts, the best first; English if none is available. */
  choose(asked: readonly string[]): Translation
  /** The BCP 47 tags of the available languages. */
  languages: readonly string[]
}

const Catalogue = z.strictObject({
  name: z.string().min(1),
  direction: z.enum(['ltr', 'rtl']),
  messages: z.record(z.string(), z.string().min(1)),
})
type Catalogue = z.infer<typeof Catalogue>

/**
 * Reads every catalogue: a language is a file `TAG.json` in this folder, or in your own folder. Throws an error that names missing
 * messages, because an incomplete language is worse than none.
 */
export async function openMessages(ownFolder?: URL): Promise<Messages> {
  const translations = new Map<string, Translation>()
  const folders = [new URL('./', import.meta.url), ...(ownFolder ? [ownFolder] : [])]
  for (const folder of folders) {
    for (const file of (await readdir(folder)).filter((each) => each.endsWith('.json')).sort()) {
      const language = file.slice(0, -'.json'.length)
      const catalogue = readCatalogue(language, await readFile(new URL(file, folder), 'utf8'))
      translations.set(language.toLowerCase(), translation(language, catalogue))
    }
  }
  return {
    languages: [...translations.values()].map(({ language }) => language),
    choose(asked) {
      for (const tag of asked.flatMap(readLanguages)) {
        const found = lookup(tag, translations)
        if (found) return found
      }
      return translations.get('en')!
    },
  }
}

function readCatalogue(language: string, text: string): Catalogue {
  const wrong = (why: string) => new Error(`The message catalogue ${language}.json cannot be used: ${why}`)
  if (!/^[a-z]{2,3}(-[A-Za-z\d]{2,8})*$/.test(language)) throw wrong('its name is not a language tag.')
  const read = Catalogue.safeParse(JSON.parse(text))
  if (!read.success) throw wrong(z.prettifyError(read.error))
  const { messages } = read.data
  const faults = [
    ...Object.keys(messages).flatMap((key) => (key in english.messages ? [] : `the message ${key} does not exist`)),
    ...Object.entries(english.messages).flatMap(([key, text]) => {
      const own = messages[key]
      if (own === undefined) return `the message ${key} is missing`
      return placeholders(own) === placeholders(text) ? [] : `the message ${key} needs ${placeholders(text) || 'no {}'}`
    }),
  ]
  if (faults.length > 0) throw wrong(`${faults.join('; ')}.`)
  return read.data
}

function placeholders(text: string): string {
  return [...new Set(text.match(/\{\w+\}/g))].sort().join(' ')
}

function translation(language: string, { direction, messages }: Catalogue): Translation {
  return {
    language,
    direction,
    t: (key, values = {}) =>
      messages[key]!.replaceAll(/\{(\w+)\}/g, (_, name: string) => isolated(String(values[name] ?? ''), direction)),
  }
}

const LEFT_TO_RIGHT = /[A-Za-z\d\u00C0-\u02B8\u0370-\u052F]/
const RIGHT_TO_LEFT = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]/

/** Wraps a value that runs against the page in isolates (Unicode UAX #9), so that a name cannot turn the text around it. */
function isolated(value: string, direction: 'ltr' | 'rtl'): string {
  const runsAgainst = direction === 'ltr' ? RIGHT_TO_LEFT.test(value) : LEFT_TO_RIGHT.test(value)
  return runsAgainst ? `\u2068${value}\u2069` : value
}

/** The tags of one BCP 47 tag or one Accept-Language text, the best first (RFC 9110 §12.5.4). */
function readLanguages(text: string): string[] {
  return text
    .slice(0, 1000)
    .split(',', 40)
    .map((range) => {
      const [tag, ...parameters] = range
        .trim()
        .toLowerCase()
        .split(/\s*;\s*/)
      const quality = parameters.find((each) => each.startsWith('q='))
      return { tag: tag!.replaceAll('_', '-'), weight: quality === undefined ? 1 : Number(quality.slice(2)) || 0 }
    })
    .filter(({ tag, weight }) => weight > 0 && /^[a-z]{1,8}(-[a-z\d]{1,8})*$/.test(tag))
    .sort((a, b) => b.weight - a.weight)
    .map(({ tag }) => tag)
}

/** RFC 4647 §3.4: drops one piece after the other from the end until a language is found. */
function lookup(tag: string, translations: ReadonlyMap<string, Translation>): Translation | undefined {
  for (let rest = tag; rest; rest = rest.slice(0, Math.max(0, rest.lastIndexOf('-')))) {
    const found = translations.get(rest)
    if (found) return found
  }
  return undefined
}
