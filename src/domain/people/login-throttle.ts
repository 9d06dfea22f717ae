import type { Config } from '../../config/load.ts'
import type { Clock } from '../../kit/clock.ts'
import { digest } from '../../kit/digest.ts'
import type { Store } from '../../store/store.ts'

const WINDOW = 15 * 60
/** How long a browser is remembered in which an account has signed in. */
export const KNOWN_LIFETIME = 180 * 86_400

/** One try to sign in: for which account (known to us or not), from which address, in which browser. */
export interface Guess {
  account: string
  visitor: string
  browser: string
}

interface Needs {
  store: Store
  clock: Clock
  config: Pick<Config, 'loginAttempts' | 'addressAttempts'>
}

/** A guess that was counted. */
export interface CountedGuess {
  /** How many seconds to wait, when there were too many. */
  wait: number | undefined
  /** For a guess that nobody came to look at: it is as if it had not been sent. */
  takeBack(): Promise<void>
}

/**
 * Counts a guess, before it is looked at, so that guesses sent at the same time all count. Says how long to wait when there were too
 * many, alike for accounts that exist and for those that do not.
 *
 * Guesses at one account are counted together wherever they come from. Whoever sends them on purpose could so keep its owner out; the
 * browser in which the owner has signed in before therefore has a count of its own.
 */
export async function countGuess(guess: Guess, { store, clock, config }: Needs): Promise<CountedGuess> {
  const now = clock.now()
  const keys: string[] = []
  const count = async (key: string, most: number) => {
    keys.push(key)
    const counted = await store.attempts.count(key, now, WINDOW)
    return counted.count > most ? Math.max(1, counted.expiresAt - now) : undefined
  }
  const countAll = async () => {
    // An address that has to wait no longer counts against accounts.
    const forAddress = await count(addressKey(guess), config.addressAttempts)
    if (forAddress !== undefined) return forAddress
    const forAccount = await count(accountKey(guess), config.loginAttempts)
    if (forAccount === undefined || !(await isKnown(guess, store, now))) return forAccount
    return count(browserKey(guess), config.loginAttempts)
  }
  const wait = await countAll()
  return {
    wait,
    async takeBack() {
      for (const key of keys) await store.attempts.takeBack(key)
    },
  }
}

/**
 * After the right password: it was no guess, so the address has one less and the account none, and the browser is known from now on.
 */
export async function forgetGuesses(guess: Guess, { store, clock }: Pick<Needs, 'store' | 'clock'>): Promise<void> {
  await store.attempts.takeBack(addressKey(guess))
  await store.attempts.forget(accountKey(guess))
  await store.attempts.forget(browserKey(guess))
  await store.attempts.count(knownKey(guess), clock.now(), KNOWN_LIFETIME)
}

/** Counting within a window of no length only looks: what it adds has run out already. */
async function isKnown(guess: Guess, store: Store, now: number): Promise<boolean> {
  return (await store.attempts.count(knownKey(guess), now, 0)).expiresAt > now
}

function addressKey({ visitor }: Guess): string {
  return `login address ${visitor}`
}

/** Digests, because people type passwords into the wrong field. */
function accountKey({ account }: Guess): string {
  return `login account ${digest(account)}`
}

function browserKey({ account, browser }: Guess): string {
  return `login browser ${digest(`${account} ${browser}`)}`
}

function knownKey({ account, browser }: Guess): string {
  return `login known ${digest(`${account} ${browser}`)}`
}
