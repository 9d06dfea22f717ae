import type { AppDraft } from '../../domain/apps/app-draft.ts'
import { nameOn, SETTINGS } from '../../domain/apps/settings.ts'
import { Refusal } from '../../kit/refusal.ts'
import type { App } from '../../store/nouns/apps.ts'
import type { OptionNote } from '../kit/command.ts'
import { Failure } from '../kit/exit.ts'

type Given = Record<string, string | readonly string[] | boolean | undefined>

/** The settings that a command line can set, with the name of the option and the kind of its value. */
const ROWS = SETTINGS.flatMap(([name, { names, read, about, isFixed, default: standard }]) => {
  const { description = 'text', list, json } = read.meta() ?? {}
  const row = {
    name,
    option: names.cli!,
    about,
    isFixed,
    standard,
    shape: description,
    isList: list === true,
    isJson: json === true,
  }
  return names.cli === undefined ? [] : [{ ...row, isFlag: description === 'true or false' }]
})

/** The options of `app create`: a flag that is given is true. */
export const createOptions: Record<string, OptionNote> = Object.fromEntries(
  ROWS.map(({ option, about, shape, isList, isFlag }) => {
    const sentence = plain(about)
    return [
      option,
      isFlag ? { type: 'boolean', sentence } : { type: 'string', value: valueShown(shape), multiple: isList, sentence },
    ]
  }),
)

/** The options of `app change`: of what is not fixed, each with a value, so that a flag can be taken back. */
export const changeOptions: Record<string, OptionNote> = {
  ...Object.fromEntries(
    ROWS.filter(({ isFixed }) => !isFixed).map(({ option, about, shape, isList }) => [
      option,
      { type: 'string', value: valueShown(shape), multiple: isList, sentence: plain(about) },
    ]),
  ),
  clear: {
    type: 'string',
    value: 'OPTION',
    multiple: true,
    sentence: `Takes away what was set: ${ROWS.filter(({ standard }) => standard === null)
      .map(({ option }) => option)
      .join(', ')}.`,
  },
}

/** The draft that the options make. */
export function readOptions(given: Given): AppDraft {
  const draft: AppDraft = {}
  for (const { name, option, isList, isJson } of ROWS) {
    const value = given[option]
    if (value === undefined || value === false || (isList && (value as string[]).length === 0)) continue
    draft[name] = isJson ? parsed(String(value)) : name === 'scopes' ? (value as string[]).join(' ') : value
  }
  for (const option of (given.clear as string[] | undefined) ?? []) {
    const row = ROWS.find((each) => each.option === option.replace(/^--/, '') && each.standard === null)
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

/** What a command says of an app. */
export function appJson(app: App): Record<string, unknown> {
  return {
    uid: app.uid,
    app_code_name: app.codeName,
    client_id: app.clientId,
    directory_uid: app.directoryUid,
    name: app.name,
    redirect_uris: app.redirectUris,
    scopes: app.scopes,
    trusted: app.trusted,
    public: app.public,
  }
}

/** A kind as it stands for the value in `--help`. */
function valueShown(shape: string): string {
  return shape === 'true or false'
    ? 'true|false'
    : /^seconds/.test(shape)
      ? 'SECONDS'
      : /URIs?|URL/.test(shape)
        ? 'URI'
        : 'TEXT'
}

function plain(about: string): string {
  return about.replaceAll('`', '')
}

/** JSON, or the text itself, which the reader of the setting then refuses. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
