import type { AppDraft } from '../domain/apps/app-draft.ts'
import { nameOn, SETTINGS } from '../domain/apps/settings.ts'
import { parseJson } from '../kit/json.ts'
import { Refusal } from '../kit/refusal.ts'
import type { CommandOption } from './kit/command.ts'
import { usageFailure } from './kit/exit.ts'

type Given = Record<string, string | readonly string[] | boolean | undefined>

/** The settings that the command line can set. */
const ROWS = SETTINGS.flatMap(([name, { names, read, about, isFixed, default: byDefault }]) => {
  if (names.cli === undefined) return []
  const { description, list, json } = read.meta() ?? {}
  const isFlag = description === 'true or false'
  const value = isFlag ? 'true|false' : String(description).includes('seconds') ? 'SECONDS' : 'TEXT'
  const option: CommandOption = { value, multiple: list === true, description: about.replaceAll('`', '') }
  return [{ name, cli: names.cli, option, isFixed, isFlag, isJson: json === true, isClearable: byDefault === null }]
})
const CLEARABLE = ROWS.filter(({ isClearable }) => isClearable)

/** The options of `app create`: a flag without a value is true. */
export const createOptions: Record<string, CommandOption> = Object.fromEntries(
  ROWS.map(({ cli, option, isFlag }) => [cli, isFlag ? { flag: true, description: option.description } : option]),
)

/** The options of `app change`: all settings that can change. Flags take a value, so that they can be set to false. */
export const changeOptions: Record<string, CommandOption> = {
  ...Object.fromEntries(ROWS.filter(({ isFixed }) => !isFixed).map(({ cli, option }) => [cli, option])),
  clear: {
    value: 'OPTION',
    multiple: true,
    description: `Removes a setting: ${CLEARABLE.map(({ cli }) => cli).join(', ')}.`,
  },
}

/** Reads the draft of an app from the options. */
export function readOptions(given: Given): AppDraft {
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

/** Runs `work`, and renames the settings in its refusals to their options, in snake_case like all names in JSON. */
export async function withOptionNames<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof Refusal ? error.renamed((name) => nameOn('cli')(name).replaceAll('-', '_')) : error
  }
}

/** The parsed JSON. Text that is not JSON stays text, which the reader of the setting then refuses. */
function readJson(text: string): unknown {
  const parsed = parseJson(text)
  return parsed === undefined ? text : parsed
}
