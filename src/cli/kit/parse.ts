import { parseArgs } from 'node:util'
import { nearest } from '../../kit/nearest.ts'
import type { Command, CommandOption } from './command.ts'
import { usageFailure } from './exit.ts'

/** The options of every command. */
export const EVERYWHERE = {
  json: { flag: true, description: 'Print one JSON object.' },
  help: { flag: true, description: 'Show this text.' },
} as const satisfies Record<string, CommandOption>

export interface Parsed {
  values: Record<string, string | string[] | boolean | undefined>
  argument?: string
  json: boolean
  help: boolean
}

/** Reads a command line. Throws a Failure that lists all its faults. */
export function parse(name: string, { options, argument }: Command, args: readonly string[]): Parsed {
  const known: Record<string, CommandOption> = { ...options, ...EVERYWHERE }
  const read = parseArgs({
    args: args.map((each, index) =>
      each === '-h' ? '--help' : lacksValue(each, args[index + 1], known) ? `${each}=` : each,
    ),
    options: Object.fromEntries(
      Object.entries(known).map(([each, { flag, multiple = false }]) => [
        each,
        { type: flag ? 'boolean' : 'string', multiple },
      ]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  const { seen, positionals, faults } = examine(read.tokens, known)
  const values: Parsed['values'] = { ...read.values }
  for (const [each, { required, multiple, flag, description }] of Object.entries(options)) {
    if (required && !seen.has(each)) faults.push(`--${each} is missing: ${description}`)
    if (multiple) values[each] ??= []
    if (flag) values[each] ??= false
  }
  if (argument?.required && positionals.length === 0)
    faults.push(`${argument.value} is missing: ${argument.description}`)
  for (const each of positionals.slice(argument ? 1 : 0)) faults.push(`"${each}" is not expected here.`)
  const help = values.help === true
  if (faults.length > 0 && !help) {
    throw usageFailure([...faults, `\`behalf ${name} --help\` shows the usage.`].join('\n'), { faults })
  }
  return { values, argument: positionals[0], json: values.json === true, help }
}

type Token = NonNullable<ReturnType<typeof parseArgs>['tokens']>[number]

/** The options that were given, the values without an option name, and all faults. */
function examine(tokens: readonly Token[], known: Record<string, CommandOption>) {
  const faults: string[] = []
  const seen = new Set<string>()
  const positionals: string[] = []
  let wasUnknown = false
  for (const token of tokens) {
    // A value after an unknown option belongs to that option, so it is not a second fault.
    if (token.kind === 'positional' && !wasUnknown) positionals.push(token.value)
    wasUnknown = false
    if (token.kind !== 'option') continue
    const { name, rawName, value } = token
    const option = Object.hasOwn(known, name) ? known[name] : undefined
    wasUnknown = option === undefined
    if (!option) faults.push(unknownOption(rawName, Object.keys(known)))
    else if (option.flag && value !== undefined) faults.push(`${rawName} takes no value.`)
    else if (!option.flag && !value) faults.push(`${rawName} needs a value: ${option.value ?? 'TEXT'}.`)
    else if (!option.multiple && seen.has(name)) faults.push(`${rawName} is given twice.`)
    seen.add(name)
  }
  return { seen, positionals, faults }
}

/** Whether an option that takes a value is followed by another option instead. */
function lacksValue(given: string, next: string | undefined, known: Record<string, CommandOption>): boolean {
  const name = given.slice(2)
  return given.startsWith('--') && Object.hasOwn(known, name) && !known[name]!.flag && /^--[a-z]/.test(next ?? '')
}

function unknownOption(name: string, known: readonly string[]): string {
  const near = nearest(name.replace(/^-+/, ''), known)
  return `${name} is not an option${near ? `; did you mean --${near}?` : '.'}`
}
