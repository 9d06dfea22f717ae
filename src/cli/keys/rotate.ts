import { operatorActor } from '../../domain/audit/actor.ts'
import { isSigningAlgorithm, SIGNING_ALGORITHMS } from '../../domain/keys/signing-algorithms.ts'
import { command } from '../kit/command.ts'
import { Failure } from '../kit/exit.ts'
import { day, table } from '../kit/table.ts'
import { withSite } from '../kit/with-site.ts'

export default command({
  options: {
    algorithm: {
      type: 'string',
      value: 'ALG',
      sentence: `One of ${SIGNING_ALGORITHMS.join(', ')}; all of them when left out.`,
    },
  },
  more: [
    'The servers do this by themselves, see BEHALF_KEY_ROTATION_INTERVAL. A new key is published at once and signs after an hour, so that',
    'nobody meets a signature they cannot check. The one before it stays published for as long as something it signed may live. Nobody',
    'is signed out.',
  ].join('\n'),
  examples: ['keys rotate', 'keys rotate --algorithm RS256'],
  async run({ algorithm }, around) {
    if (algorithm !== undefined && !isSigningAlgorithm(algorithm)) {
      const known = SIGNING_ALGORITHMS.join(', ')
      throw new Failure('usage', 'invalid', `There is no algorithm ${algorithm}; there are ${known}.`)
    }
    const algorithms = algorithm ? [algorithm] : SIGNING_ALGORITHMS
    const made = await withSite(around, ({ keys }) =>
      Promise.all(algorithms.map(async (each) => ({ algorithm: each, ...(await keys.rotate(each, operatorActor)) }))),
    )
    const rows = made.map(({ kid, algorithm: name, signsFrom }) => [kid, name, moment(signsFrom)])
    return {
      text: table(['KID', 'ALGORITHM', 'SIGNS FROM'], rows, ''),
      json: {
        keys: made.map(({ kid, algorithm: name, signsFrom }) => ({ kid, algorithm: name, signs_from: signsFrom })),
      },
    }
  },
})

const moment = (at: number) => `${day(at)} ${new Date(at * 1000).toISOString().slice(11, 16)} UTC`
