import { type Option, options } from './options.ts'

/** One option as `behalf config` and the documentation show it. */
export interface OptionNote {
  env: string
  group: string
  standard: string | null
  shape: string
  sentence: string
}

export function describeOptions(): OptionNote[] {
  return (Object.values(options) as Option[]).map(({ env, group, standard, kind, sentence }) => ({
    env,
    group,
    standard: standard ?? null,
    shape: kind.shape,
    sentence,
  }))
}

/** docs/configuration.md, whole; a test says when the file is stale. */
export function configurationPage(): string {
  const notes = describeOptions()
  const groups = [...new Set(notes.map((note) => note.group))]
  return [
    '# Configuration',
    '',
    'Everything is set by environment variables and read once at start. What is wrong is listed all at once; a `BEHALF_` name that does',
    'not exist is an error, so a typing mistake cannot pass. `behalf config` prints this list, `behalf doctor` checks yours.',
    '',
    'This page is made from the table in `src/config/options.ts` by `npm run docs`.',
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
            `| \`${note.env}\` | ${note.standard === null ? '–' : `\`${note.standard}\``} | ${note.shape} | ${note.sentence} |`,
        ),
    ]),
    '',
  ].join('\n')
}
