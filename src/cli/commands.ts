import type { Command } from './kit/command.ts'

/** One line of the table of commands. */
export interface CommandNote {
  readonly name: string
  /** Under which heading `--help` lists it. */
  readonly room: string
  readonly sentence: string
  load(): Promise<Command>
}

const note = (
  room: string,
  name: string,
  sentence: string,
  load: () => Promise<{ default: Command }>,
): CommandNote => ({
  name,
  room,
  sentence,
  load: async () => (await load()).default,
})

const run = 'Run it'
const people = 'Directories, businesses and people'
const apps = 'Apps and credentials'
const care = 'Look after it'

/** Every command there is. Each is loaded when it is called, so that none pays for the others. */
export const commands: readonly CommandNote[] = [
  note(run, 'serve', 'Starts the server.', () => import('./serve.ts')),
  note(
    run,
    'demo',
    'Starts the server with a sample app, a sample API and people to sign in as.',
    () => import('./demo/demo.ts'),
  ),
  note(
    people,
    'directory create',
    'Makes a directory: a partner with a brand and hosts of its own.',
    () => import('./directory/create.ts'),
  ),
  note(people, 'directory list', 'Lists the directories.', () => import('./directory/list.ts')),
  note(people, 'directory end', 'Ends a directory, and every token under it.', () => import('./directory/end.ts')),
  note(people, 'business create', 'Makes a business in a directory.', () => import('./business/create.ts')),
  note(people, 'business list', 'Lists the businesses.', () => import('./business/list.ts')),
  note(people, 'business end', 'Ends a business, and every token under it.', () => import('./business/end.ts')),
  note(people, 'staff create', 'Makes a person staff of a business.', () => import('./staff/create.ts')),
  note(people, 'staff list', 'Lists the businesses that a person is staff of.', () => import('./staff/list.ts')),
  note(people, 'staff end', 'Ends a membership, and every token that it gave.', () => import('./staff/end.ts')),
  note(
    people,
    'person change',
    'Changes what apps may be told of a person, and whether the e-mail is verified.',
    () => import('./person/change.ts'),
  ),
  note(
    people,
    'person password',
    'Gives a person another password, and signs them out everywhere.',
    () => import('./person/password.ts'),
  ),
  note(
    people,
    'person end',
    'Ends a person: their sessions, and every token that they gave.',
    () => import('./person/end.ts'),
  ),
  note(apps, 'app create', 'Registers an app; shows its client id and secret once.', () => import('./app/create.ts')),
  note(apps, 'app change', 'Changes the settings of an app.', () => import('./app/change.ts')),
  note(apps, 'app list', 'Lists the apps.', () => import('./app/list.ts')),
  note(apps, 'app end', 'Ends an app, and every token of it.', () => import('./app/end.ts')),
  note(
    apps,
    'secret create',
    'Gives an app one more secret, so that it can replace another; shows it once.',
    () => import('./secret/create.ts'),
  ),
  note(apps, 'secret list', 'Lists the secrets of an app that are good.', () => import('./secret/list.ts')),
  note(apps, 'secret retire', 'Ends a secret of an app.', () => import('./secret/retire.ts')),
  note(apps, 'install list', 'Lists which apps are connected to which businesses.', () => import('./install/list.ts')),
  note(
    apps,
    'install end',
    'Disconnects an app from a business, and ends every token of it there.',
    () => import('./install/end.ts'),
  ),
  note(
    apps,
    'resource create',
    'Registers an API that tokens may be made for; shows its secret once.',
    () => import('./resource/create.ts'),
  ),
  note(apps, 'resource list', 'Lists the APIs that tokens may be made for.', () => import('./resource/list.ts')),
  note(apps, 'resource end', 'Ends a resource: no token is made for it any more.', () => import('./resource/end.ts')),
  note(apps, 'token create', 'Makes a token for the management API; shows it once.', () => import('./token/create.ts')),
  note(apps, 'token list', 'Lists the tokens for the management API.', () => import('./token/list.ts')),
  note(
    apps,
    'token revoke',
    'Ends a token for the management API, or a token of an app.',
    () => import('./token/revoke.ts'),
  ),
  note(
    care,
    'doctor',
    'Checks settings, database, clock and keys, and says what to do.',
    () => import('./doctor/doctor.ts'),
  ),
  note(
    care,
    'config',
    'Lists every setting with its default, its meaning and the value in force.',
    () => import('./config.ts'),
  ),
  note(care, 'why', 'Explains why a request was refused, by the reference in its answer.', () => import('./why.ts')),
  note(care, 'events', 'Shows the audit: who did what, the newest first.', () => import('./events.ts')),
  note(care, 'migrate', 'Brings the database schema up to date.', () => import('./migrate.ts')),
  note(care, 'keys rotate', 'Makes new signing keys, which take over after an hour.', () => import('./keys/rotate.ts')),
  note(care, 'keys list', 'Lists the signing keys.', () => import('./keys/list.ts')),
  note(
    care,
    'keys retire',
    'Takes a signing key away for good, when somebody else may know it.',
    () => import('./keys/retire.ts'),
  ),
  note(care, 'sweep', 'Deletes expired rows now, as a running server does by itself.', () => import('./sweep.ts')),
]
