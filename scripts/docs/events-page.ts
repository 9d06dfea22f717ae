import { EVENT_TYPES } from '../../src/domain/audit/event-types.ts'
import { snakeCase } from '../../src/kit/snake-case.ts'

/** Returns the content of docs/events.md. A test fails when the file is stale. */
export function eventsPage(): string {
  return [
    '# Events',
    '',
    'The audit records these events. An event is stored in the same write as the change that it describes. `behalf events` lists and filters',
    'them, and `behalf events --json` shows every field. No event contains a secret.',
    '',
    'Every event has a `uid`, its `type`, the time `at` (in seconds since 1970), the `actor`, the `result` (`done` or `refused`), and the',
    '`reference` of the request, if there was one. The actor is `operator` for a command, `server`, `anonymous`, or a kind with a uid, such as',
    '`person:…`, `app:…` or `directory:…`. If the actor used a platform token, the details also contain `platform_token_uid`.',
    '',
    'The table has the fields of each type. `subject` is the uid of what is in parentheses. Fields marked with `?` can be missing. Details are',
    'texts unless the table says otherwise.',
    '',
    'This page is generated from the table in `src/domain/audit/event-types.ts` by `npm run docs`.',
    '',
    '| type | what happened | fields | details |',
    '|---|---|---|---|',
    ...Object.entries(EVENT_TYPES).map(
      ([type, { about, columns, details }]) => `| \`${type}\` | ${about} | ${list(columns)} | ${list(details)} |`,
    ),
    '',
  ].join('\n')
}

/** The words of a row, such as `subject?:person`, as `subject`? (person). */
function list(words: string): string {
  const shown = words.split(' ').map((word) => {
    const [, name, mark, note] = /^(\w*)(\??)(?::(\w+))?$/.exec(word)!
    return name && `\`${snakeCase(name)}\`${mark}${note ? ` (${note})` : ''}`
  })
  return shown.join(', ') || '–'
}
