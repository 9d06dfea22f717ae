import { type CommandNote, commands } from '../commands.ts'
import type { Command, OptionNote } from './command.ts'
import { EXIT, EXIT_SENTENCES } from './exit.ts'
import { EVERYWHERE } from './parse.ts'

/** `behalf --help`, or the part of it that lists one group of commands. */
export function generalHelp(group?: readonly CommandNote[]): string {
  const listed = group ?? commands
  const width = Math.max(...commands.map(({ name }) => name.length))
  const rooms = [...new Set(listed.map(({ room }) => room))]
  return [
    'Behalf, the authorization server for platforms whose customers are businesses.',
    '',
    'Usage: behalf COMMAND [OPTIONS]',
    ...rooms.flatMap((room) => [
      '',
      room,
      ...listed
        .filter((each) => each.room === room)
        .map(({ name, sentence }) => `  ${name.padEnd(width)}  ${sentence}`),
    ]),
    '',
    '`behalf COMMAND --help` explains one. Settings come from the environment: `behalf config` lists them.',
    '',
    ...exits(),
    'With --json a command that did its work writes one JSON object to standard output; one that could not writes',
    'nothing there, and {"error": "…", "error_description": "…"} to standard error.',
    '',
  ].join('\n')
}

/** `behalf COMMAND --help`. */
export function commandHelp({ name, sentence }: CommandNote, { options, argument, examples, more }: Command): string {
  const notes: Record<string, OptionNote> = { ...options, ...EVERYWHERE }
  const rows: [string, string][] = Object.entries(notes).map(([each, note]) => [label(each, note), remark(note)])
  if (argument) rows.unshift([argument.value, argument.sentence])
  const width = Math.max(...rows.map(([left]) => left.length))
  const called = Object.entries(options)
    .filter(([, note]) => note.required)
    .map(([each, note]) => label(each, note))
  const given = argument ? [argument.required ? argument.value : `[${argument.value}]`] : []
  return [
    sentence,
    ...(more ? ['', more] : []),
    '',
    `Usage: behalf ${[name, ...given, ...called, '[OPTIONS]'].join(' ')}`,
    '',
    ...rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`),
    '',
    'Examples',
    ...examples.map((each) => `  behalf ${each}`),
    '',
    ...exits(),
  ].join('\n')
}

function exits(): string[] {
  const lines = (Object.keys(EXIT) as (keyof typeof EXIT)[]).map((each) => `  ${EXIT[each]}  ${EXIT_SENTENCES[each]}`)
  return ['Exit codes', ...lines, '']
}

function label(name: string, { type, value }: OptionNote): string {
  return type === 'boolean' ? `--${name}` : `--${name} ${value ?? 'TEXT'}`
}

function remark({ sentence, required, multiple }: OptionNote): string {
  return [sentence, required && 'Required.', multiple && 'May be given several times.'].filter(Boolean).join(' ')
}
