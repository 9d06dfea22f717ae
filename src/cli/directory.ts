import { readFile } from 'node:fs/promises'
import { operatorActor } from '../domain/audit/actor.ts'
import { changeDirectory, createDirectory, endDirectory } from '../domain/businesses/directory.ts'
import type { LookDraft } from '../domain/businesses/directory-look.ts'
import { command } from './kit/command.ts'
import { endCommand } from './kit/end-command.ts'
import { notFound, usageFailure } from './kit/exit.ts'
import { listCommand } from './kit/list-command.ts'
import { pickJson } from './kit/pick-json.ts'
import { withSite } from './kit/with-site.ts'

const LOOK = {
  primary: { value: '#RRGGBB', description: 'The color of its buttons and links.' },
  secondary: { value: '#RRGGBB', description: 'Its second color, which apps receive.' },
  text: { value: '#RRGGBB', description: 'The color of text on the primary color.' },
  locale: {
    value: 'TAG',
    description:
      'Its language and region, such as en-GB: of pages for people whose languages are not available, and of numbers.',
  },
  support: {
    value: 'URL',
    description: 'Where its people find help: an https URL or an email address. Its pages link it.',
  },
  privacy: { value: 'URL', description: 'Its privacy policy, an https URL. Its pages link it.' },
  logo: { value: 'FILE', description: 'Its logo: a PNG, JPEG, WebP or SVG file of at most 64 KiB.' },
} as const
const CLEARABLE = Object.keys(LOOK)

export const create = command({
  options: {
    name: { required: true, description: 'Its name, as people see it on every page.' },
    host: {
      value: 'HOST',
      required: true,
      multiple: true,
      description: 'A host that its people use, such as app.example.com; the first is the main one.',
    },
    ...LOOK,
  },
  examples: [
    'directory create --name "Harbour Partners" --host app.harbour.example',
    'directory create --name Harbour --host app.harbour.example --host login.harbour.example --primary "#0b6e4f" --logo logo.svg',
  ],
  async run({ name, host, logo, ...look }, around) {
    const image = logo === undefined ? undefined : await readFile(logo)
    const draft = { name, hosts: host, ...look, ...(image && { logo: image }) }
    const { directory, hosts } = await withSite(around, (site) => createDirectory(draft, operatorActor, site), true)
    const { uid, theme } = directory
    return {
      text: [
        `The directory "${directory.name}" was created: ${uid}`,
        `  hosts  ${hosts.join(', ')}`,
        '',
        'Next, create a business in it, and a token with which its partner calls the management API:',
        `  behalf business create --directory ${uid} --name "…"`,
        `  behalf token create --directory ${uid} --name "…"`,
      ].join('\n'),
      json: { ...pickJson(directory, 'uid', 'name', 'host'), hosts, brand_theme: theme },
    }
  },
})

export const change = command({
  options: {
    name: { description: 'Its new name.' },
    ...LOOK,
    clear: { value: 'OPTION', multiple: true, description: `Gives an option its default: ${CLEARABLE.join(', ')}.` },
  },
  argument: { value: 'UID', description: 'The directory.', required: true },
  more: 'Everything else stays unchanged. People see the new look at once.',
  examples: [
    'directory change UID --name "Harbour" --primary "#0b6e4f" --logo logo.svg',
    'directory change UID --clear logo',
  ],
  async run({ logo, clear, ...look }, around, uid) {
    const unknown = clear.find((name) => !CLEARABLE.includes(name))
    if (unknown !== undefined) throw usageFailure(`--clear ${unknown}: this option has no default.`)
    const given = Object.entries(look).filter(
      ([name, value]) => value !== undefined && ['name', ...CLEARABLE].includes(name),
    )
    const draft: LookDraft = {
      ...Object.fromEntries(given),
      ...(logo === undefined ? {} : { logo: await readFile(logo) }),
      ...Object.fromEntries(clear.map((name) => [name, null])),
    }
    if (Object.keys(draft).length === 0) throw usageFailure('Give at least one option to change.')
    const directory = await withSite(around, (site) => changeDirectory(uid!, draft, operatorActor, site))
    if (!directory) throw notFound('There is no such directory.', { directory: uid })
    return {
      text: `The directory "${directory.name}" was changed: ${directory.uid}`,
      json: { ...pickJson(directory, 'uid', 'name', 'host'), brand_theme: directory.theme },
    }
  },
})

export const list = listCommand({
  of: 'directories',
  options: {},
  examples: ['directory list'],
  rows: (_, { store }) => store.directories.list(),
  columns: { UID: 'uid', NAME: 'name', HOST: 'host', SINCE: 'createdAt', '': 'endedAt' },
  json: ['uid', 'name', 'host', 'createdAt', 'endedAt'],
  none: 'There are no directories yet.',
})

export const end = endCommand({
  what: 'The directory',
  argument: { value: 'UID', description: 'The directory.' },
  example: 'directory end UID',
  end: (uid, site) => endDirectory(uid, operatorActor, site),
})
