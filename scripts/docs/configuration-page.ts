import { type Option, options } from '../../src/config/options.ts'

/** An option, as `behalf config` and the documentation show it. */
export interface OptionNote {
  env: string
  group: string
  default: string | null
  shape: string
  description: string
}

export function describeOptions(): OptionNote[] {
  return (Object.values(options) as Option[]).map((option) => ({
    env: option.env,
    group: option.group,
    default: option.default ?? null,
    shape: option.kind.description!,
    description: option.description,
  }))
}

/** The text of docs/configuration.md. A test fails when the file is stale. */
export function configurationPage(): string {
  const notes = describeOptions()
  const groups = [...new Set(notes.map((note) => note.group))]
  return [
    '# Configuration',
    '',
    'Behalf reads its settings from environment variables, once, at start. It lists all mistakes at once. An unknown `BEHALF_` name is an',
    'error, so that a typing mistake is noticed. `behalf config` prints this list with your values, `behalf doctor` checks them.',
    '`BEHALF_SECRET_FILE` and `BEHALF_DATABASE_URL_FILE` name files that hold these two values.',
    '',
    '`npm run docs` generates this page from the table in `src/config/options.ts`.',
    ...groups.flatMap((group) => [
      '',
      `## ${group}`,
      '',
      '| variable | default | must be | what it does |',
      '|---|---|---|---|',
      ...notes
        .filter((note) => note.group === group)
        .map(
          (note) =>
            `| \`${note.env}\` | ${note.default === null ? '–' : `\`${note.default}\``} | ${note.shape} | ${note.description} |`,
        ),
    ]),
    '',
  ].join('\n')
}
