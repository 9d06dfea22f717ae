import { nearest } from '../kit/nearest.ts'
import { commands, type ListedCommand } from './commands.ts'
import type { Samples } from './demo/samples.ts'
import type { Outcome } from './kit/command.ts'
import { EXIT, type Failure, usageFailure } from './kit/exit.ts'
import { explain, isExpected } from './kit/explain.ts'
import { commandHelp, generalHelp } from './kit/help.ts'
import { parse } from './kit/parse.ts'
import { writeOut } from './kit/write-out.ts'

/** Runs one command line and prints its outcome. Returns the exit code. */
export async function run(
  args: readonly string[],
  env: Record<string, string | undefined>,
  samples: Samples,
): Promise<number> {
  // Read before the line is parsed, so that parse errors are printed as JSON too.
  const isJson = args.includes('--json')
  // Nothing is left to say it on.
  process.stderr.on('error', () => {})
  let options = {}
  try {
    const [first] = args
    if (first === '--version' || first === 'version') return await printVersion(isJson)
    if (first === '--help' || first === '-h' || first === 'help') return await printHelp(args.slice(1))
    const group = groupOf(args)
    if (group && (args.includes('--help') || args.includes('-h'))) return print(generalHelp(group))
    const { listed, rest } = find(args)
    const command = await listed.load()
    options = command.options
    const { values, argument, json, help } = parse(listed.name, command, rest)
    if (help) return print(commandHelp(listed, command))
    const printOutcome = (outcome: Outcome) => print(json ? JSON.stringify(outcome.json) : outcome.text)
    const around = { env, json, samples, print: printOutcome }
    const outcome = await command.run(values as never, around, argument)
    if (outcome) printOutcome(outcome)
    return outcome?.exit ?? EXIT.done
  } catch (error) {
    return printFailure(await explain(error, options), isJson, env.BEHALF_LOG_LEVEL === 'debug')
  }
}

async function printHelp(args: readonly string[]): Promise<number> {
  if (args.length === 0) return print(generalHelp())
  const group = groupOf(args)
  if (group) return print(generalHelp(group))
  const { listed } = find(args)
  return print(commandHelp(listed, await listed.load()))
}

/** The commands that begin with the first word of a line that has no second word. */
function groupOf([first, second]: readonly string[]): readonly ListedCommand[] | undefined {
  if (second !== undefined && !second.startsWith('-')) return undefined
  const group = commands.filter((each) => each.name.startsWith(`${first} `))
  return group.length > 0 ? group : undefined
}

/** The command at the beginning of a line, of two words or one, and the rest of the line. Throws a Failure when there is none. */
function find(args: readonly string[]): { listed: ListedCommand; rest: readonly string[] } {
  for (const length of [2, 1]) {
    const listed = commands.find((each) => each.name === args.slice(0, length).join(' '))
    if (listed) return { listed, rest: args.slice(length) }
  }
  const [first, second] = args
  if (first === undefined || first === '--json') throw usageFailure(generalHelp())
  const group = groupOf(args)
  if (group) throw usageFailure(generalHelp(group))
  const given = second === undefined || second.startsWith('-') ? first : `${first} ${second}`
  const names = commands.map((each) => each.name)
  const near = nearest(given, names) ?? nearest(first, names)
  const advice = near ? `Did you mean \`behalf ${near}\`?` : '`behalf --help` lists all commands.'
  throw usageFailure(`There is no command "${given}". ${advice}`, near ? { did_you_mean: near } : {})
}

function print(text: string): number {
  writeOut(text.endsWith('\n') ? text : `${text}\n`)
  return EXIT.done
}

/** A bug is one sentence too. Its stack is for a report, so it is printed only with the log level `debug`. */
function printFailure(failure: Failure, isJson: boolean, isDebug: boolean): number {
  const { message, code, details, exit } = failure
  const bug = isDebug ? failure.stack : `${message}\nThis is a bug. BEHALF_LOG_LEVEL=debug shows where it is.`
  const text = isExpected(failure) ? message : bug
  const answer = { error: code, error_description: message, ...details }
  process.stderr.write(`${isJson ? JSON.stringify(answer) : text}\n`)
  return exit
}

async function printVersion(isJson: boolean): Promise<number> {
  const { default: about } = await import('../../package.json', { with: { type: 'json' } })
  const { version } = about
  return print(isJson ? JSON.stringify({ version }) : `Behalf ${version}, Node ${process.version}`)
}
