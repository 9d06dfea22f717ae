import type { Samples } from '../demo/samples.ts'

/** One option of a command, as `--help` shows it and as the command line is read by. */
export interface OptionNote {
  readonly type: 'string' | 'boolean'
  /** What stands for the value in `--help`, such as `UID`. */
  readonly value?: string
  readonly sentence: string
  readonly required?: boolean
  /** Whether it may be given several times. */
  readonly multiple?: boolean
}

type ValueOf<N> = N extends { type: 'boolean' }
  ? boolean
  : N extends { multiple: true }
    ? string[]
    : N extends { required: true }
      ? string
      : string | undefined

/** The options as a command is given them: flags are true or false, repeatable ones a list. */
export type Values<Notes> = { -readonly [Name in keyof Notes]: ValueOf<Notes[Name]> }

/** What a command has to say: to a person, and to a program. */
export interface Outcome {
  text: string
  /** Names as on the wire. */
  json: Record<string, unknown>
  /** 0 unless told. */
  exit?: number
}

/** What a command is given besides its options. */
export interface Surroundings {
  readonly env: Record<string, string | undefined>
  /** Whether a program reads the answer: then standard output is for one JSON object alone. */
  readonly json: boolean
  /** What `demo` starts beside the server. */
  readonly samples: Samples
  /** Says the outcome before the command ends; for commands that go on. */
  tell(outcome: Outcome): void
}

/** One command: a file of its own, loaded when it is asked for. */
export interface Command<Notes extends Record<string, OptionNote> = Record<string, OptionNote>> {
  readonly options: Notes
  /** What may stand on the command line without a name. */
  readonly argument?: { readonly value: string; readonly sentence: string; readonly required?: boolean }
  readonly examples: readonly string[]
  /** What the sentence of the table leaves open. */
  readonly more?: string
  run(values: Values<Notes>, around: Surroundings, argument?: string): Promise<Outcome | undefined>
}

/** Keeps the types of the options for `run`. */
export function command<const Notes extends Record<string, OptionNote>>(made: Command<Notes>): Command<Notes> {
  return made
}
