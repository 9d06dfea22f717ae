import type { Command } from './kit/command.ts'

/** One line of the table of commands. */
export interface ListedCommand {
  readonly name: string
  /** The heading in `--help`. */
  readonly heading: string
  readonly description: string
  load(): Promise<Command>
}

/** The commands of one module. Each is the export that has the last word of its name. */
function commandsOf<Name extends string>(
  heading: string,
  load: () => Promise<Record<LastWord<Name>, Command>>,
  descriptions: Record<Name, string>,
): ListedCommand[] {
  return (Object.entries(descriptions) as [Name, string][]).map(([name, description]) => ({
    name,
    heading,
    description,
    load: async () => (await load())[name.split(' ').at(-1) as LastWord<Name>],
  }))
}

type LastWord<Name extends string> = Name extends `${string} ${infer Verb}` ? Verb : Name

const run = 'Start and inspect'
const people = 'Directories, businesses and people'
const apps = 'Apps and credentials'
const care = 'Operate'

/** All commands, in the order of `--help`. A module is loaded when one of its commands runs, so that the others cost nothing. */
export const commands: readonly ListedCommand[] = [
  commandsOf(run, () => import('./serve.ts'), { serve: 'Starts the server.' }),
  commandsOf(run, () => import('./demo/demo.ts'), {
    demo: 'Starts the server with a sample app, a sample API and people to sign in as.',
  }),
  commandsOf(people, () => import('./directory.ts'), {
    'directory create': 'Creates a directory: a partner with its own brand and hosts.',
    'directory change': 'Changes what people see of a directory: name, colors, logo, language, links.',
    'directory list': 'Lists the directories.',
    'directory end': 'Ends a directory and every token under it.',
  }),
  commandsOf(people, () => import('./business.ts'), {
    'business create': 'Creates a business in a directory.',
    'business list': 'Lists the businesses.',
    'business end': 'Ends a business and every token under it.',
  }),
  commandsOf(people, () => import('./staff.ts'), {
    'staff create': 'Makes a person a staff member of a business.',
    'staff list': 'Lists the businesses that a person is a staff member of.',
    'staff end': 'Ends a staff membership and every token that came from it.',
  }),
  commandsOf(people, () => import('./person.ts'), {
    'person change': 'Changes the profile of a person, and whether the email is verified.',
    'person password': 'Sets a new password for a person and signs them out everywhere.',
    'person erase': 'Removes the personal data of a person, and ends them. The audit stays.',
    'person end': 'Ends a person, their sessions and every token they allowed.',
  }),
  commandsOf(apps, () => import('./app.ts'), {
    'app create': 'Registers an app; shows its client id and secret once.',
    'app change': 'Changes the settings of an app.',
    'app list': 'Lists the apps.',
    'app end': 'Ends an app and all its tokens.',
  }),
  commandsOf(apps, () => import('./app-test/test.ts'), {
    'app test': 'Walks the flow of an app against the running server, and says what would fail.',
  }),
  commandsOf(apps, () => import('./secret.ts'), {
    'secret create': 'Adds a secret to an app, to replace another one; shows it once.',
    'secret list': 'Lists the valid secrets of an app.',
    'secret retire': 'Ends a secret of an app.',
  }),
  commandsOf(apps, () => import('./install.ts'), {
    'install list': 'Lists which apps are connected to which businesses.',
    'install end': 'Disconnects an app from a business and ends all its tokens there.',
  }),
  commandsOf(apps, () => import('./resource.ts'), {
    'resource create': 'Registers an API that tokens can be issued for; shows its secret once.',
    'resource list': 'Lists the APIs that tokens can be issued for.',
    'resource end': 'Ends a resource: no more tokens are issued for it.',
  }),
  commandsOf(apps, () => import('./token.ts'), {
    'token create': 'Creates a token for the management API; shows it once.',
    'token list': 'Lists the tokens for the management API.',
    'token revoke': 'Revokes a token for the management API, or a token of an app.',
  }),
  commandsOf(care, () => import('./doctor/doctor.ts'), {
    doctor: 'Checks settings, database, clock and keys, and says what to do.',
  }),
  commandsOf(care, () => import('./health.ts'), {
    health: 'Asks the server on this machine whether it is ready, for containers.',
  }),
  commandsOf(care, () => import('./config.ts'), {
    config: 'Lists every setting with its default, its meaning and its current value.',
  }),
  commandsOf(care, () => import('./why.ts'), {
    why: 'Explains why a request was refused, by the reference in the answer.',
  }),
  commandsOf(care, () => import('./events.ts'), { events: 'Shows the audit: who did what, newest first.' }),
  commandsOf(care, () => import('./migrate.ts'), { migrate: 'Brings the database schema up to date.' }),
  commandsOf(care, () => import('./keys.ts'), {
    'keys rotate': 'Creates new signing keys, which start to sign after an hour.',
    'keys list': 'Lists the signing keys.',
    'keys retire': 'Withdraws a signing key permanently, when others may know it.',
  }),
  commandsOf(care, () => import('./sweep.ts'), {
    sweep: 'Deletes expired rows now. A running server does this by itself.',
  }),
].flat()
