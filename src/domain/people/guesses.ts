import { digest } from '../../kit/digest.ts'
import type { Parts } from '../parts.ts'

const WINDOW_SECONDS = 15 * 60
/** How long a browser is known in which an account has signed in, in seconds. */
export const KNOWN_LIFETIME = 180 * 86_400
/**
 * A browser stops being known this long before its row expires, so that a stranger gains nothing when the clocks of two servers differ or a
 * clock steps back: far more than either does, far less than anyone notices.
 */
const KNOWN_MARGIN_SECONDS = 3600

/** One attempt to sign in: to which account (which may not exist), from which address, in which browser. */
export interface Guess {
  account: string
  visitor: string
  browser: string
}

/** A guess that was counted. */
export interface CountedGuess {
  /** How many seconds to wait, if there were too many guesses. */
  wait: number | undefined
  /** Uncounts a guess whose password was never checked. */
  takeBack(): Promise<void>
}

/**
 * Counts a guess before its password is checked, so that guesses sent at the same time all count. Accounts that do not exist are counted
 * like those that do.
 *
 * All guesses at one account count together, wherever they come from. That would let an attacker lock out the owner, so each browser in
 * which the owner has signed in before has a count of its own.
 */
export async function countGuess(
  guess: Guess,
  { store: { attempts }, clock, config, limits }: Pick<Parts, 'store' | 'clock' | 'config' | 'limits'>,
): Promise<CountedGuess> {
  const now = clock.now()
  const keys = keysOf(guess)
  const counted: string[] = []
  const count = async (key: string, most: number) => {
    counted.push(key)
    const { count, expiresAt } = await attempts.count(key, now, WINDOW_SECONDS)
    return count > most ? Math.max(1, expiresAt - now) : undefined
  }
  const countGuesses = async () => {
    // An address that has to wait no longer counts against accounts.
    const forAddress = await count(keys.address, config.addressAttempts)
    if (forAddress !== undefined) return forAddress
    const forAccount = await count(keys.account, config.loginAttempts)
    if (forAccount === undefined) return undefined
    // Only a right password makes a browser known; a guess must leave nothing that another clock could take for it.
    const knownUntil = (await attempts.findExpiry(keys.known)) ?? 0
    return knownUntil > now + KNOWN_MARGIN_SECONDS ? count(keys.browser, config.loginAttempts) : forAccount
  }
  const takeBack = async () => {
    for (const key of counted) await attempts.takeBack(key)
  }
  // The right password costs a hash and a session too. A flood from one address costs no write.
  const forFlood = limits.count('sign-ins-from-address', guess.visitor)
  if (forFlood !== undefined) return { wait: Math.ceil(forFlood), takeBack }
  const wait = await countGuesses()
  if (wait !== undefined) return { wait, takeBack }
  // After the guesses, so that strangers cannot use up the sign-ins of an account.
  const forAccount = limits.count('sign-ins', keys.account)
  if (forAccount === undefined) return { wait, takeBack }
  await takeBack()
  return { wait: Math.ceil(forAccount), takeBack: async () => {} }
}

/** After the right password: uncounts one guess of the address and all of the account, and makes the browser known. */
export async function forgetGuesses(
  guess: Guess,
  { store: { attempts }, clock }: Pick<Parts, 'store' | 'clock'>,
): Promise<void> {
  const keys = keysOf(guess)
  await attempts.takeBack(keys.address)
  await attempts.forget(keys.account)
  await attempts.forget(keys.browser)
  await attempts.count(keys.known, clock.now(), KNOWN_LIFETIME)
}

/** Accounts are stored as digests, because people type passwords into the wrong field. */
function keysOf({ account, browser, visitor }: Guess) {
  const both = digest(`${account} ${browser}`)
  return {
    address: `login address ${visitor}`,
    account: `login account ${digest(account)}`,
    browser: `login browser ${both}`,
    known: `login known ${both}`,
  }
}
