import { readdir, readFile } from 'node:fs/promises'
import { z } from 'zod'
import english from './en.json' with { type: 'json' }

export type WordKey = keyof typeof english.words

/** Says a thing in the visitor's language, as plain text; what stands in {braces} is filled in. */
export type Say = (key: WordKey, values?: Record<string, string | number>) => string

/** How we speak to one visitor. */
export interface Speech {
  language: string
  direction: 'ltr' | 'rtl'
  say: Say
}

export interface Words {
  /** The first language that we speak among BCP 47 tags or Accept-Language texts, the best first; English if there is none. */
  speak(asked: readonly string[]): Speech
  /** The BCP 47 tags of the languages that we speak. */
  languages: readonly string[]
}

const Catalogue = z.strictObject({
  name: z.string().min(1),
  direction: z.enum(['ltr', 'rtl']),
  words: z.record(z.string(), z.string().min(1)),
})
type Catalogue = z.infer<typeof Catalogue>

/**
 * Reads every catalogue: a language is a file `TAG.json` in the folder `words`, or in a folder of one's own. Throws an error that says
 * what is missing, because half a language is worse than none.
 */
export async function openWords(ownFolder?: URL): Promise<Words> {
  const speeches = new Map<string, Speech>()
  const folders = [new URL('./', import.meta.url), ...(ownFolder ? [ownFolder] : [])]
  for (const folder of folders) {
    for (const file of (await readdir(folder)).filter((each) => each.endsWith('.json')).sort()) {
      const language = file.slice(0, -'.json'.length)
      const catalogue = readCatalogue(language, await readFile(new URL(file, folder), 'utf8'))
      speeches.set(language.toLowerCase(), speech(language, catalogue))
    }
  }
  const standard = speeches.get('en')!
  return {
    languages: [...speeches.values()].map(({ language }) => language),
    speak(asked) {
      for (const tag of asked.flatMap(readLanguages)) {
        const found = lookup(tag, speeches)
        if (found) return found
      }
      return standard
    },
  }
}

function readCatalogue(language: string, text: string): Catalogue {
  const wrong = (why: string) => new Error(`The catalogue of words ${language}.json cannot be used: ${why}`)
  if (!/^[a-z]{2,3}(-[A-Za-z\d]{2,8})*$/.test(language)) throw wrong('its name is not a language tag.')
  const read = Catalogue.safeParse(JSON.parse(text))
  if (!read.success) throw wrong(z.prettifyError(read.error))
  const { words } = read.data
  const faults = [
    ...Object.keys(words).flatMap((key) => (key in english.words ? [] : `there is no word ${key}`)),
    ...Object.entries(english.words).flatMap(([key, sentence]) => {
      const own = words[key]
      if (own === undefined) return `the word ${key} is missing`
      return placeholders(own) === placeholders(sentence)
        ? []
        : `the word ${key} needs ${placeholders(sentence) || 'no {}'}`
    }),
  ]
  if (faults.length > 0) throw wrong(`${faults.join('; ')}.`)
  return read.data
}

function placeholders(sentence: string): string {
  return [...new Set(sentence.match(/\{\w+\}/g))].sort().join(' ')
}

function speech(language: string, { direction, words }: Catalogue): Speech {
  return {
    language,
    direction,
    say: (key, values = {}) =>
      words[key]!.replaceAll(/\{(\w+)\}/g, (_, name: string) => isolated(String(values[name] ?? ''), direction)),
  }
}

const LEFT_TO_RIGHT = /[A-Za-z\d\u00C0-\u02B8\u0370-\u052F]/
const RIGHT_TO_LEFT = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]/

/** Wraps a value that runs against the page in isolates (Unicode UAX #9), so that a name cannot turn the sentence around it. */
function isolated(value: string, direction: 'ltr' | 'rtl'): string {
  const runsAgainst = direction === 'ltr' ? RIGHT_TO_LEFT.test(value) : LEFT_TO_RIGHT.test(value)
  return runsAgainst ? `\u2068${value}\u2069` : value
}

/** The tags of one BCP 47 tag or one Accept-Language text, the most wanted first (RFC 9110 §12.5.4). */
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
function lookup(tag: string, speeches: ReadonlyMap<string, Speech>): Speech | undefined {
  for (let rest = tag; rest; rest = rest.slice(0, Math.max(0, rest.lastIndexOf('-')))) {
    const found = speeches.get(rest)
    if (found) return found
  }
  return undefined
}
