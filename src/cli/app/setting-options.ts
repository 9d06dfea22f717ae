import type { AppDraft } from '../../domain/apps/app-draft.ts'
import { nameOn, SETTINGS } from '../../domain/apps/settings.ts'
import { Refusal } from '../../kit/refusal.ts'
import type { App } from '../../store/nouns/apps.ts'
import type { OptionNote } from '../kit/command.ts'
import { Failure } from '../kit/exit.ts'

type Given = Record<string, string | readonly string[] | boolean | undefined>

/** The settings that a command line can set, with their option. */
const ROWS = SETTINGS.flatMap(([name, { names, read, about, isFixed, default: byDefault }]) => {
  if (names.cli === undefined) return []
  const { description, list, json } = read.meta() ?? {}
  const isFlag = description === 'true or false'
  const value = isFlag ? 'true|false' : String(description).includes('seconds') ? 'SECONDS' : 'TEXT'
  const note: OptionNote = { type: 'string', value, multiple: list === true, sentence: about.replaceAll('`', '') }
  return [{ name, option: names.cli, note, isFixed, isFlag, isJson: json === true, isClearable: byDefault === null }]
})
const CLEARABLE = ROWS.filter(({ isClearable }) => isClearable)

/** The options of `app create`: a flag that is given is true. */
export const createOptions: Record<string, OptionNote> = Object.fromEntries(
  ROWS.map(({ option, note, isFlag }) => [option, isFlag ? { type: 'boolean', sentence: note.sentence } : note]),
)

/** The options of `app change`: of what is not fixed, each with a value, so that a flag can be taken back. */
export const changeOptions: Record<string, OptionNote> = {
  ...Object.fromEntries(ROWS.filter(({ isFixed }) => !isFixed).map(({ option, note }) => [option, note])),
  clear: {
    type: 'string',
    value: 'OPTION',
    multiple: true,
    sentence: `Takes away what was set: ${CLEARABLE.map(({ option }) => option).join(', ')}.`,
  },
}

/** The draft that the options make. */
export function readOptions(given: Given): AppDraft {
  const draft: AppDraft = {}
  for (const { name, option, note, isJson } of ROWS) {
    const value = given[option]
    if (value === undefined || value === false || (note.multiple && (value as string[]).length === 0)) continue
    draft[name] = isJson ? parse(value as string) : name === 'scopes' ? (value as string[]).join(' ') : value
  }
  for (const option of (given.clear as string[] | undefined) ?? []) {
    const row = CLEARABLE.find((each) => each.option === option)
    if (!row) throw new Failure('usage', 'usage', `--clear ${option}: this is not among what can be taken away.`)
    draft[row.name] = null
  }
  return draft
}

/** Does the work; what it refuses of a setting has the name of its option, with `_` as all names in JSON. */
export async function withOptionNames<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof Refusal ? error.renamed((name) => nameOn('cli')(name).replaceAll('-', '_')) : error
  }
}

/** What a command says of an app to a program. */
export function appJson(app: App): Record<string, unknown> {
  const { uid, codeName, clientId, directoryUid, name, redirectUris, scopes, trusted, public: isPublic } = app
  return {
    uid,
    app_code_name: codeName,
    client_id: clientId,
    directory_uid: directoryUid,
    name,
    redirect_uris: redirectUris,
    scopes,
    trusted,
    public: isPublic,
  }
}

/** JSON, or the text itself, which the reader of the setting then refuses. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
