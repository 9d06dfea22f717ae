import type { AppDraft } from '../domain/apps/app-draft.ts'
import { SETTINGS } from '../domain/apps/settings.ts'
import { parseJson } from '../kit/json.ts'
import type { CommandOption } from './kit/command.ts'
import { usageFailure } from './kit/exit.ts'

type Given = Record<string, string | readonly string[] | boolean | undefined>

const MAX_PLACEHOLDER_LENGTH = 24

/** The settings that the command line can set. */
const ROWS = SETTINGS.flatMap(([name, { names, read, about, isFixed, default: byDefault }]) => {
  if (names.cli === undefined) return []
  const { description: shape = '', list, json, choices } = read.meta() ?? {}
  const isFlag = shape === 'true or false'
  const allowed = isFlag ? ['true', 'false'] : ((choices as readonly string[] | undefined) ?? [])
  const isShort = allowed.length > 0 && allowed.join('|').length <= MAX_PLACEHOLDER_LENGTH
  const word = allowed.length > 0 ? 'NAME' : shape.startsWith('seconds') ? 'SECONDS' : json ? 'JSON' : kindOf(names.cli)
  const option: CommandOption = {
    value: isShort ? allowed.join('|') : word,
    multiple: list === true,
    description: `${about.replaceAll('`', '')}${isShort || allowed.length === 0 ? '' : ` One of ${allowed.join(', ')}.`}`,
  }
  return [{ name, cli: names.cli, option, isFixed, isFlag, isJson: json === true, isClearable: byDefault === null }]
})

/** Returns the placeholder of an option whose value is a text: `URI`, `SCOPE` or `TEXT`. */
function kindOf(cli: string): string {
  return /uri$/.test(cli) ? 'URI' : cli === 'business' ? 'UID' : cli === 'scope' ? 'SCOPE' : 'TEXT'
}

/** Without the sentences about a new app, or one that describes itself. */
const forChange = (option: CommandOption) => ({
  ...option,
  description: option.description.replaceAll(/ Left out[^.]*\./g, ''),
})
const CLEARABLE = ROWS.filter(({ isClearable }) => isClearable)

/** The options of `app create`: a flag without a value is true. */
export const createOptions: Record<string, CommandOption> = Object.fromEntries(
  ROWS.map(({ cli, option, isFlag }) => [cli, isFlag ? { flag: true, description: option.description } : option]),
)

/** The options of `app change`: all settings that can change. Flags take a value, so that they can be set to false. */
export const changeOptions: Record<string, CommandOption> = {
  ...Object.fromEntries(ROWS.filter(({ isFixed }) => !isFixed).map(({ cli, option }) => [cli, forChange(option)])),
  clear: {
    value: 'OPTION',
    multiple: true,
    description: `Removes a setting: ${CLEARABLE.map(({ cli }) => cli).join(', ')}.`,
  },
}

/** Reads the draft of an app from the options. */
export function readAppOptions(given: Given): AppDraft {
  const draft: AppDraft = {}
  for (const { name, cli, option, isJson } of ROWS) {
    const value = given[cli]
    if (value === undefined || value === false || (option.multiple && (value as string[]).length === 0)) continue
    draft[name] = isJson ? readJson(value as string) : name === 'scopes' ? (value as string[]).join(' ') : value
  }
  for (const cli of (given.clear as string[] | undefined) ?? []) {
    const row = CLEARABLE.find((each) => each.cli === cli)
    if (!row) throw usageFailure(`--clear ${cli}: this setting cannot be removed.`)
    draft[row.name] = null
  }
  return draft
}

/** The parsed JSON. Text that is not JSON stays text, which the reader of the setting then refuses. */
function readJson(text: string): unknown {
  const parsed = parseJson(text)
  return parsed === undefined ? text : parsed
}
