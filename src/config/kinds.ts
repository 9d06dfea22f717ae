import { accessSync, constants, statSync } from 'node:fs'
import { isIP } from 'node:net'

/** How an option's text becomes a value, and how to say what it must look like. */
export interface Kind<T> {
  /** Completes the sentence "must be …". */
  readonly shape: string
  /** The value, or undefined when the text has not this shape. */
  read(text: string): T | undefined
  /** Secrets are never printed. */
  readonly secret?: boolean
}

export function whole(unit: string, least: number, most: number): Kind<number> {
  return {
    shape: `a whole number of ${unit} from ${least} to ${most}`,
    read: (text) => {
      const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN
      return value >= least && value <= most ? value : undefined
    },
  }
}

/** A port; 0 lets the system choose. */
export const port: Kind<number> = { ...whole('ports', 0, 65_535), shape: 'a port from 0 to 65535' }

/** A length of time in seconds, up to 20 years. */
export const seconds = (least: number, most = 631_152_000) => whole('seconds', least, most)

/** A length of time, or 0 for never. */
export function orNever(kind: Kind<number>): Kind<number> {
  return { shape: `0, or ${kind.shape}`, read: (text) => (text === '0' ? 0 : kind.read(text)) }
}

export function choice<const C extends string>(...choices: C[]): Kind<C> {
  return { shape: `one of ${choices.join(', ')}`, read: (text) => choices.find((each) => each === text) }
}

export const flag: Kind<boolean> = {
  shape: 'on or off',
  read: (text) => (text === 'on' ? true : text === 'off' ? false : undefined),
}

export const line: Kind<string> = {
  shape: 'one line of text, at most 200 characters',
  read: (text) => (text.length <= 200 && !/\p{Cc}/u.test(text) ? text : undefined),
}

export const file: Kind<string> = {
  shape: 'the path of a file that can be read',
  read: (text) => (isReadable(text) ? text : undefined),
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

export const origin: Kind<string> = {
  shape: 'a URL of scheme, host and port alone, such as https://auth.example.com',
  read: (text) => {
    const url = URL.parse(text)
    if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) return undefined
    return url.origin === text || `${url.origin}/` === text ? url.origin : undefined
  },
}

export const database: Kind<string> = {
  shape: 'sqlite:PATH, sqlite::memory: or postgres://USER:PASSWORD@HOST/DATABASE',
  read: (text) => (/^(sqlite:.+|postgres(ql)?:\/\/.+)$/s.test(text) ? text : undefined),
  secret: true,
}

/** Comma-separated secrets of 32 characters or more. */
export const secrets: Kind<readonly string[]> = {
  shape: 'a random text of at least 32 characters (or several, separated by commas, the newest first)',
  read: (text) => {
    const list = text.split(',').map((each) => each.trim())
    return list.every((each) => each.length >= 32 && each.length <= 1024) ? list : undefined
  },
  secret: true,
}

/** The address of a page that people open. */
export const page: Kind<string> = {
  shape: 'a URL that begins with https:// or http://',
  read: (text) => {
    const url = text.length <= 2000 && !/\s/.test(text) ? URL.parse(text) : null
    return url && /^https?:$/.test(url.protocol) && !url.username && !url.password ? text : undefined
  },
}

/** Names of hosts; `*.` stands for everything below one. */
export const hosts: Kind<readonly string[]> = {
  shape: 'names of hosts separated by commas, such as claude.ai,*.example.com',
  read: (text) => {
    const list = text.split(',').map((each) => each.trim().toLowerCase())
    return list.every((each) => /^(\*\.)?[a-z\d-]+(\.[a-z\d-]+)*$/.test(each)) ? list : undefined
  },
}

export const networks: Kind<readonly string[]> = {
  shape: 'addresses or networks separated by commas, such as 10.0.0.0/8,::1',
  read: (text) => {
    const list = text.split(',').map((each) => each.trim())
    return list.every(isNetwork) ? list : undefined
  },
}

/** An address, or one with the length of a prefix that it can have. A zone (`%eth0`) names no network. */
function isNetwork(text: string): boolean {
  const [, address = '', bits] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(text) ?? []
  const family = isIP(address)
  return family !== 0 && Number(bits ?? 0) <= (family === 4 ? 32 : 128)
}
