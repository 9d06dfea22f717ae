import { nearest } from '../kit/nearest.ts'
import { type CommandNote, commands } from './commands.ts'
import type { Samples } from './demo/samples.ts'
import { explain, isForeseen } from './explain.ts'
import type { Command, Outcome } from './kit/command.ts'
import { EXIT, Failure } from './kit/exit.ts'
import { commandHelp, generalHelp } from './kit/help.ts'
import { parse } from './kit/parse.ts'

/** Runs one command line and tells how the process is to end. Everything the command line says is written here. */
export async function run(
  args: readonly string[],
  env: Record<string, string | undefined>,
  samples: Samples,
): Promise<number> {
  // Before the line is understood, whoever wrote --json on it is a program.
  const isProgram = args.includes('--json')
  try {
    const [first] = args
    if (first === '--version' || first === 'version') return await tellVersion(isProgram)
    if (first === '--help' || first === '-h' || first === 'help') return await help(args.slice(1))
    const group = groupOf(args)
    if (group && (args.includes('--help') || args.includes('-h'))) return say(generalHelp(group))
    const { note, rest } = find(args)
    const command = await note.load()
    const { values, argument, json, help: isHelp } = parse(note.name, command, rest)
    if (isHelp) return say(commandHelp(note, command))
    const tell = (outcome: Outcome) => say(json ? JSON.stringify(outcome.json) : outcome.text)
    const outcome = await (command as Command).run(values as never, { env, json, samples, tell }, argument)
    if (outcome) tell(outcome)
    return outcome?.exit ?? EXIT.done
  } catch (error) {
    return complain(await explain(error), isProgram)
  }
}

async function help(args: readonly string[]): Promise<number> {
  if (args.length === 0) return say(generalHelp())
  const group = groupOf(args)
  if (group) return say(generalHelp(group))
  const { note } = find(args)
  return say(commandHelp(note, await note.load()))
}

/** The commands that a line could go on to, when all it has is the first of their two words. */
function groupOf([first, second]: readonly string[]): readonly CommandNote[] | undefined {
  if (second !== undefined && !second.startsWith('-')) return undefined
  const group = commands.filter((each) => each.name.startsWith(`${first} `))
  return group.length > 0 ? group : undefined
}

/** The command that a line begins with, of two words or one. */
function find(args: readonly string[]): { note: CommandNote; rest: readonly string[] } {
  for (const length of [2, 1]) {
    const note = commands.find((each) => each.name === args.slice(0, length).join(' '))
    if (note) return { note, rest: args.slice(length) }
  }
  const [first, second] = args
  if (first === undefined || first === '--json') throw new Failure('usage', 'usage', generalHelp())
  const group = groupOf(args)
  if (group) throw new Failure('usage', 'usage', generalHelp(group))
  const asked = second === undefined || second.startsWith('-') ? first : `${first} ${second}`
  const names = commands.map((each) => each.name)
  const near = nearest(asked, names) ?? nearest(first, names)
  const advice = near ? `Did you mean \`behalf ${near}\`?` : '`behalf --help` lists them all.'
  throw new Failure('usage', 'usage', `There is no command "${asked}". ${advice}`, near ? { did_you_mean: near } : {})
}

function say(text: string): number {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`)
  return EXIT.done
}

function complain(failure: Failure, isProgram: boolean): number {
  const { message, code, details, exit } = failure
  const text = isProgram
    ? JSON.stringify({ error: code, error_description: message, ...details })
    : isForeseen(failure)
      ? message
      : failure.stack
  process.stderr.write(`${text}\n`)
  return exit
}

async function tellVersion(isProgram: boolean): Promise<number> {
  const { readFile } = await import('node:fs/promises')
  const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'))
  return say(isProgram ? JSON.stringify({ version }) : `Behalf ${version}, Node ${process.version}`)
}
