import { parseArgs } from 'node:util'
import { nearest } from '../../kit/nearest.ts'
import type { Command, OptionNote } from './command.ts'
import { Failure } from './exit.ts'

/** What every command understands. */
export const EVERYWHERE = {
  json: { type: 'boolean', sentence: 'Answer with one JSON object.' },
  help: { type: 'boolean', sentence: 'Show this text.' },
} as const satisfies Record<string, OptionNote>

export interface Parsed {
  values: Record<string, string | string[] | boolean | undefined>
  argument?: string
  json: boolean
  help: boolean
}

/** Reads a command line; throws a Failure that names everything wrong with it. */
export function parse(name: string, { options, argument }: Command, args: readonly string[]): Parsed {
  const notes: Record<string, OptionNote> = { ...options, ...EVERYWHERE }
  const read = parseArgs({
    args: args.map((each, index) =>
      each === '-h' ? '--help' : isBare(each, args[index + 1], notes) ? `${each}=` : each,
    ),
    options: Object.fromEntries(
      Object.entries(notes).map(([each, { type, multiple }]) => [each, { type, multiple: multiple ?? false }]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  const { seen, loose, faults } = look(read.tokens, notes)
  const values: Parsed['values'] = { ...read.values }
  for (const [each, note] of Object.entries(options)) {
    if (note.required && !seen.has(each)) faults.push(`--${each} is missing: ${note.sentence}`)
    if (note.multiple) values[each] ??= []
    if (note.type === 'boolean') values[each] ??= false
  }
  if (argument?.required && loose.length === 0) faults.push(`${argument.value} is missing: ${argument.sentence}`)
  for (const each of loose.slice(argument ? 1 : 0)) faults.push(`"${each}" is not expected here.`)
  const help = values.help === true
  if (faults.length > 0 && !help) {
    throw new Failure('usage', 'usage', [...faults, `\`behalf ${name} --help\` shows how.`].join('\n'), { faults })
  }
  return { values, argument: loose[0], json: values.json === true, help }
}

type Token = NonNullable<ReturnType<typeof parseArgs>['tokens']>[number]

/** Which options were given, what stands there without a name, and what is wrong with any of it. */
function look(tokens: readonly Token[], notes: Record<string, OptionNote>) {
  const faults: string[] = []
  const seen = new Set<string>()
  const loose: string[] = []
  let wasUnknown = false
  for (const token of tokens) {
    // What follows an option that does not exist was meant as its value.
    if (token.kind === 'positional' && !wasUnknown) loose.push(token.value)
    wasUnknown = false
    if (token.kind !== 'option') continue
    const note = Object.hasOwn(notes, token.name) ? notes[token.name] : undefined
    wasUnknown = note === undefined
    if (!note) faults.push(unknownOption(token.rawName, Object.keys(notes)))
    else if (note.type === 'boolean' && token.value !== undefined) faults.push(`${token.rawName} takes no value.`)
    else if (note.type === 'string' && !token.value)
      faults.push(`${token.rawName} needs a value: ${note.value ?? 'TEXT'}.`)
    else if (!note.multiple && seen.has(token.name)) faults.push(`${token.rawName} is given twice.`)
    seen.add(token.name)
  }
  return { seen, loose, faults }
}

/** Whether an option that takes a value is followed by another option instead. */
function isBare(given: string, next: string | undefined, notes: Record<string, OptionNote>): boolean {
  const name = given.slice(2)
  return (
    given.startsWith('--') &&
    Object.hasOwn(notes, name) &&
    notes[name]!.type === 'string' &&
    /^--[a-z]/.test(next ?? '')
  )
}

function unknownOption(name: string, known: readonly string[]): string {
  const near = nearest(name.replace(/^-+/, ''), known)
  return `${name} is not an option${near ? `; did you mean --${near}?` : '.'}`
}
