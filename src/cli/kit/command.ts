import type { Samples } from '../demo/samples.ts'

/** One option of a command, as `--help` shows it and as the command line is read. */
export interface CommandOption {
  /** A flag takes no value. */
  readonly flag?: true
  /** The placeholder of the value in `--help`, such as `UID`. Default: `TEXT`. */
  readonly value?: string
  readonly description: string
  readonly required?: boolean
  /** Whether it may be given several times. */
  readonly multiple?: boolean
}

type ValueOf<Option> = Option extends { flag: true }
  ? boolean
  : Option extends { multiple: true }
    ? string[]
    : Option extends { required: true }
      ? string
      : string | undefined

/** The values of the options: flags are true or false, options that may be repeated are a list. */
export type Values<Options> = { -readonly [Name in keyof Options]: ValueOf<Options[Name]> }

/** What a command prints. */
export interface Outcome {
  text: string
  /** Printed instead of the text with `--json`; names in snake_case. */
  json: Record<string, unknown>
  /** The exit code. Default: 0. */
  exit?: number
}

/** What a command receives besides its options. */
export interface Surroundings {
  readonly env: Record<string, string | undefined>
  /** Whether `--json` was given: standard output then carries one JSON object and nothing else. */
  readonly json: boolean
  /** What `demo` starts beside the server. */
  readonly samples: Samples
  /** Prints the outcome of a command that keeps running. */
  print(outcome: Outcome): void
}

export interface Command<Options extends Record<string, CommandOption> = Record<string, CommandOption>> {
  readonly options: Options
  /** The one value that is given without an option name. */
  readonly argument?: { readonly value: string; readonly description: string; readonly required?: boolean }
  readonly examples: readonly string[]
  /** What `--help` adds to the description in the table of commands. */
  readonly more?: string
  run(values: Values<Options>, around: Surroundings, argument?: string): Promise<Outcome | undefined>
}

/** Infers the types of the options for `run`. */
export function command<const Options extends Record<string, CommandOption>>(made: Command<Options>): Command<Options> {
  return made
}
