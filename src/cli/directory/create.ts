import { readFile } from 'node:fs/promises'
import { operatorActor } from '../../domain/audit/actor.ts'
import { command } from '../kit/command.ts'
import { withSite } from '../kit/with-site.ts'

export default command({
  options: {
    name: { type: 'string', required: true, sentence: 'Its name, as people will read it on every page.' },
    host: {
      type: 'string',
      value: 'HOST',
      required: true,
      multiple: true,
      sentence: 'A host its people use, such as app.example.com; the first is the one they know it by.',
    },
    primary: { type: 'string', value: '#RRGGBB', sentence: 'The colour of its buttons and links.' },
    secondary: { type: 'string', value: '#RRGGBB', sentence: 'Its second colour, as apps are told it.' },
    text: { type: 'string', value: '#RRGGBB', sentence: 'The colour of text upon the primary one.' },
    locale: { type: 'string', value: 'TAG', sentence: 'Its language, such as en or pt-BR.' },
    logo: { type: 'string', value: 'FILE', sentence: 'Its logo: a PNG, JPEG, WebP or SVG file of at most 64 KiB.' },
  },
  examples: [
    'directory create --name "Harbour Partners" --host app.harbour.example',
    'directory create --name Harbour --host app.harbour.example --host login.harbour.example --primary "#0b6e4f" --logo logo.svg',
  ],
  async run({ name, host, logo, ...look }, around) {
    const image = logo === undefined ? undefined : await readFile(logo)
    const { createDirectory } = await import('../../domain/businesses/directory.ts')
    const draft = { name, hosts: host, ...look, ...(image && { logo: image }) }
    const { directory, hosts } = await withSite(around, (site) => createDirectory(draft, operatorActor, site))
    const { uid } = directory
    return {
      text: [
        `The directory "${directory.name}" was made: ${uid}`,
        `  hosts  ${hosts.join(', ')}`,
        '',
        'Next: give it a business, and make its partner a token for the management API.',
        `  behalf business create --directory ${uid} --name "…"`,
        `  behalf token create --directory ${uid} --name "…"`,
      ].join('\n'),
      json: { uid, name: directory.name, host: directory.host, hosts, brand_theme: directory.theme },
    }
  },
})
