import { operatorActor } from '../domain/audit/actor.ts'
import { findSigning, isPublished } from '../domain/keys/keys.ts'
import { isSigningAlgorithm, SIGNING_ALGORITHMS } from '../domain/keys/signing-algorithms.ts'
import type { SigningKey } from '../store/nouns/signing-keys.ts'
import { command } from './kit/command.ts'
import { Failure, notFound } from './kit/exit.ts'
import { listCommand } from './kit/list-command.ts'
import { moment } from './kit/table.ts'
import { withSite } from './kit/with-site.ts'

const known = SIGNING_ALGORITHMS.join(', ')

export const rotate = listCommand({
  of: 'keys',
  options: { algorithm: { value: 'ALG', description: `One of ${known}. Default: all.` } },
  more: [
    'Servers rotate keys by themselves, see BEHALF_KEY_ROTATION_INTERVAL. A new key is published at once and signs after an hour, so that',
    'every cached key set knows it by then. The key before it stays published until everything it signed has expired. No one is signed',
    'out.',
  ].join('\n'),
  examples: ['keys rotate', 'keys rotate --algorithm RS256'],
  check({ algorithm }) {
    if (algorithm === undefined || isSigningAlgorithm(algorithm)) return
    throw new Failure('usage', 'invalid', `${algorithm} is not an algorithm. Use one of ${known}.`)
  },
  rows({ algorithm }, { keys }) {
    const algorithms = SIGNING_ALGORITHMS.filter((each) => algorithm === undefined || each === algorithm)
    return Promise.all(
      algorithms.map(async (each) => ({ algorithm: each, ...(await keys.rotate(each, operatorActor)) })),
    )
  },
  columns: {
    KID: 'kid',
    ALGORITHM: 'algorithm',
    'SIGNS FROM': ({ signsFrom }) => `${moment(signsFrom).slice(0, 16)} UTC`,
  },
  json: ['kid', 'algorithm', 'signsFrom'],
  none: '',
})

export const list = listCommand({
  of: 'keys',
  options: {},
  more: [
    'Each algorithm has one key that signs. `next` is published and will sign later. `published` no longer signs, but something it signed',
    'may still be valid. `done` is no longer published. `retired` was withdrawn permanently.',
  ].join('\n'),
  examples: ['keys list'],
  async rows(_, { store, clock }) {
    const keys = await store.signingKeys.list()
    return keys.map((key) => ({ ...key, state: stateOf(key, keys, clock.now()) }))
  },
  columns: { KID: 'kid', ALGORITHM: 'algorithm', SINCE: 'createdAt', '': 'state' },
  json: ['kid', 'algorithm', 'state', 'createdAt', 'signsFrom', 'retiredAt'],
  none: 'There are no keys.',
})

function stateOf(key: SigningKey, keys: readonly SigningKey[], now: number): string {
  if (key.retiredAt !== null) return 'retired'
  if (key === findSigning(keys, key.algorithm, now)) return 'signs'
  if (key.signsFrom > now) return 'next'
  return isPublished(key, keys, now) ? 'published' : 'done'
}

export const retire = command({
  options: {},
  argument: { value: 'KID', required: true, description: 'The `kid` of the key, as `behalf keys list` shows it.' },
  more: [
    'Use it when others may know the private key. Within seconds no server publishes the key or signs with it, and signatures made with it',
    'are no longer accepted. If no other published key can sign, a new key signs at once.',
  ].join('\n'),
  examples: ['keys retire NIanODDYTJcZnsGQAXX1HCIg2JoVQTnmJXiff3Dce_4'],
  async run(_, around, kid = '') {
    return withSite(around, async ({ keys, clock }) => {
      if (await keys.retire(kid, operatorActor)) {
        return { text: `The key ${kid} was retired.`, json: { kid, retired_at: clock.now() } }
      }
      throw notFound(`The key ${kid} does not exist, or was retired before.`)
    })
  },
})
