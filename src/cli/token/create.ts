import { operatorActor } from '../../domain/audit/actor.ts'
import { checkDirectory } from '../kit/check-directory.ts'
import { command } from '../kit/command.ts'
import { Failure } from '../kit/exit.ts'
import { withSite } from '../kit/with-site.ts'

export default command({
  options: {
    directory: {
      type: 'string',
      value: 'UID',
      sentence: 'The directory whose partner will hold it, or will own the apps.',
    },
    internal: { type: 'boolean', sentence: "The platform's own: it may do everything, for every directory." },
    registration: {
      type: 'boolean',
      sentence: 'An initial access token: good for registering apps at /oauth/register, and for nothing else.',
    },
    name: { type: 'string', required: true, sentence: 'What it is for, so that it can be told from others.' },
  },
  examples: [
    'token create --directory k3v9x0c2m5q8r1tz --name "Harbour, app registration"',
    'token create --internal --name "deployment" --json',
    'token create --registration --directory k3v9x0c2m5q8r1tz --name "Harbour, assistants"',
  ],
  async run({ directory, internal, registration, name }, around) {
    if (registration ? internal : internal === (directory !== undefined)) {
      throw new Failure(
        'usage',
        'usage',
        'Say whose token it is: either --directory UID or --internal; or --registration.',
      )
    }
    const { createPlatformToken } = await import('../../domain/tokens/platform-token.ts')
    const kind = registration ? 'registration' : internal ? 'internal' : 'directory'
    const { token, row } = await withSite(around, async (site) => {
      await checkDirectory(directory, site)
      return createPlatformToken({ kind, directoryUid: directory ?? null, name }, operatorActor, site)
    })
    return {
      text: [
        `The ${kind} token "${row.name}" was made: ${row.uid}`,
        '',
        `  ${token}`,
        '',
        'It is shown this once. Send it as `Authorization: Bearer …`; end it with:',
        `  behalf token revoke --uid ${row.uid}`,
      ].join('\n'),
      json: { uid: row.uid, token, kind, directory_uid: row.directoryUid, name: row.name },
    }
  },
})
