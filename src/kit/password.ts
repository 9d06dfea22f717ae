import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { kitRefusals } from './refusals.ts'

const derive = promisify(argon2)

/** The cost of Argon2id (RFC 9106); memory in KiB. The default is OWASP's minimum, about 45 ms of one core. */
export interface PasswordCost {
  memory: number
  passes: number
  parallelism: number
}

export const DEFAULT_COST: PasswordCost = { memory: 19_456, passes: 2, parallelism: 1 }

export interface Passwords {
  /** Hashes a password. Returns the text to store: a PHC string with parameters and salt. */
  seal(password: string): Promise<string>
  /** Whether the password matches the stored text. Without one, the answer is false after the same time. */
  isRight(password: string, stored: string | undefined): Promise<boolean>
  /** Whether the stored text was made with another cost than the current one. */
  isStale(stored: string): boolean
}

/** Hashes off the event loop, `parallel` passwords at a time. When `waiting` more are queued, it throws a 503 immediately. */
export function openPasswords(cost: PasswordCost = DEFAULT_COST, parallel = 2, waiting = 64): Passwords {
  const turn = boundedQueue(parallel, waiting)
  const hash = (password: string, salt: Buffer, at: PasswordCost, length = 32) =>
    turn(() =>
      derive('argon2id', {
        message: Buffer.from(password),
        nonce: salt,
        parallelism: at.parallelism,
        tagLength: length,
        memory: at.memory,
        passes: at.passes,
      }),
    )
  const decoy = { cost, salt: randomBytes(16), tag: randomBytes(32) }
  return {
    async seal(password) {
      const salt = randomBytes(16)
      return format(cost, salt, await hash(password, salt, cost))
    },
    async isRight(password, stored) {
      const known = (stored && parse(stored)) || undefined
      const against = known ?? decoy
      const tag = await hash(password, against.salt, against.cost, against.tag.length)
      return timingSafeEqual(tag, against.tag) && known !== undefined
    },
    isStale: (stored) => {
      const known = parse(stored)
      return !known || (['memory', 'passes', 'parallelism'] as const).some((name) => known.cost[name] !== cost[name])
    },
  }
}

function format(cost: PasswordCost, salt: Buffer, tag: Buffer): string {
  const text = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '')
  return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${text(salt)}$${text(tag)}`
}

function parse(stored: string): { cost: PasswordCost; salt: Buffer; tag: Buffer } | undefined {
  const found = /^\$argon2id\$v=19\$m=(\d{1,9}),t=(\d{1,4}),p=(\d{1,3})\$([\w+/]+)\$([\w+/]+)$/.exec(stored)
  if (!found) return undefined
  const [memory, passes, parallelism] = found.slice(1, 4).map(Number) as [number, number, number]
  return {
    cost: { memory, passes, parallelism },
    salt: Buffer.from(found[4]!, 'base64'),
    tag: Buffer.from(found[5]!, 'base64'),
  }
}

function boundedQueue(parallel: number, waiting: number) {
  const queue: (() => void)[] = []
  let running = 0
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= parallel) {
      if (queue.length >= waiting) kitRefusals.refuse('password.queue-full')
      await new Promise<void>((go) => queue.push(go))
    } else running++
    try {
      return await work()
    } finally {
      // Pass the place to the next in the queue, so that no later call takes it.
      const next = queue.shift()
      if (next) next()
      else running--
    }
  }
}
