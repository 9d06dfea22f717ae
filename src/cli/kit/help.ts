import { commands, type ListedCommand } from '../commands.ts'
import type { Command, CommandOption } from './command.ts'
import { EXIT, EXIT_DESCRIPTIONS } from './exit.ts'
import { EVERYWHERE } from './parse.ts'

/** The text of `behalf --help`, or the part that lists one group of commands. */
export function generalHelp(listed: readonly ListedCommand[] = commands): string {
  const width = Math.max(...commands.map(({ name }) => name.length))
  const line = ({ name, description }: ListedCommand) => `  ${name.padEnd(width)}  ${description}`
  const headings = [...new Set(listed.map(({ heading }) => heading))]
  return [
    'Behalf, the authorization server for platforms whose customers are businesses.',
    '',
    'Usage: behalf COMMAND [OPTIONS]',
    ...headings.flatMap((heading) => ['', heading, ...listed.filter((each) => each.heading === heading).map(line)]),
    '',
    '`behalf COMMAND --help` explains a command. Settings come from the environment: `behalf config` lists them.',
    '',
    ...EXIT_CODES,
    'With --json, a command that succeeds writes one JSON object to standard output. A command that fails writes nothing',
    'there, and {"error": "…", "error_description": "…"} to standard error.',
    '',
  ].join('\n')
}

/** The text of `behalf COMMAND --help`. */
export function commandHelp(
  { name, description }: ListedCommand,
  { options, argument, examples, more }: Command,
): string {
  const rows = Object.entries<CommandOption>({ ...options, ...EVERYWHERE }).map(([each, option]) => [
    label(each, option),
    remark(option),
  ])
  if (argument) rows.unshift([argument.value, argument.description])
  const width = Math.max(...rows.map(([left]) => left!.length))
  const required = Object.entries(options).filter(([, option]) => option.required)
  const given = argument ? [argument.required ? argument.value : `[${argument.value}]`] : []
  return [
    description,
    ...(more ? ['', more] : []),
    '',
    `Usage: behalf ${[name, ...given, ...required.map(([each, option]) => label(each, option)), '[OPTIONS]'].join(' ')}`,
    '',
    ...rows.map(([left, right]) => `  ${left!.padEnd(width)}  ${right}`),
    '',
    'Examples',
    ...examples.map((each) => `  behalf ${each}`),
    '',
    ...EXIT_CODES,
  ].join('\n')
}

const EXIT_CODES = [
  'Exit codes',
  ...(Object.keys(EXIT) as (keyof typeof EXIT)[]).map((each) => `  ${EXIT[each]}  ${EXIT_DESCRIPTIONS[each]}`),
  '',
]

function label(name: string, { flag, value = 'TEXT' }: CommandOption): string {
  return flag ? `--${name}` : `--${name} ${value}`
}

function remark({ description, required, multiple }: CommandOption): string {
  return [description, required && 'Required.', multiple && 'May be given several times.'].filter(Boolean).join(' ')
}
