import { listingFields } from '../../src/domain/apps/listing.ts'
import type { Setter, Setting } from '../../src/domain/apps/setting.ts'
import { SETTINGS, settings } from '../../src/domain/apps/settings.ts'

/** Returns the content of docs/app-settings.md. A test fails when the file is stale. */
export function settingsPage(): string {
  const listing = (setter: Setter) =>
    Object.entries(listingFields)
      .filter(([, { setBy }]) => setBy.includes(setter))
      .map(([name]) => `\`${name}\``)
      .join(', ')
  return [
    '# Settings of an app',
    '',
    'Every setting of an app, by its name in the [management API](registering-apps.md), in [dynamic registration](dynamic-registration.md) and',
    '[metadata documents](client-id-metadata-documents.md), and on the command line. A dash means that the setting cannot be set there.',
    'An app *describes itself* if it registered itself or has a metadata document. *Everyone* means all people who allowed the app.',
    '',
    'This page is generated from the table in `src/domain/apps/settings.ts` by `npm run docs`.',
    '',
    '| management API | registration, document | command line | must be | default | meaning |',
    '|---|---|---|---|---|---|',
    ...SETTINGS.map(([, row]) => rowOf(row)),
    '',
    '## Fields that describe an app',
    '',
    'These fields have no effect on the protocol. They are stored and returned unchanged.',
    '',
    `- In the management API: ${listing('partner')}.`,
    `- In registration and metadata documents: ${listing('app')}. Names and links may be sent in further languages, as`,
    `  in \`${settings.name.names.metadata}#fr\`.`,
    '',
  ].join('\n')
}

function rowOf(row: Setting): string {
  const { names, setBy, changedBy = setBy, read, about } = row
  const isClosed = (setters: readonly Setter[]) => setters.includes('platform') && !setters.includes('partner')
  const isOwn = setBy.includes('app') && names.metadata !== undefined
  const cells = [
    code(names.platform),
    code(isOwn ? names.metadata : undefined),
    code(names.cli && `--${names.cli}`),
    setBy.length === 0 ? '–' : read.description,
    row.default === undefined || row.default === null ? '–' : `\`${row.default}\``,
    [
      about,
      row.asksAgain && !row.isFixed && `Everyone is asked again when ${CHANGES[row.asksAgain]}.`,
      isClosed(setBy)
        ? 'Only the platform can set it.'
        : isClosed(changedBy) && 'Only the platform can change it later.',
      row.isFixed && setBy.length > 0 && 'It cannot be changed later.',
    ]
      .filter(Boolean)
      .join(' '),
  ]
  return `| ${cells.join(' | ')} |`
}

const CHANGES = { 'when-changed': 'it changes', 'when-added': 'one is added' }

function code(name: string | undefined): string {
  return name === undefined ? '–' : `\`${name}\``
}
