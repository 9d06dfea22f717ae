import { accessSync, constants, statSync } from 'node:fs'
import { isIP } from 'node:net'
import { z } from 'zod'

/** Reads the text of an option. Its description completes "must be …"; with the metadata `secret`, the text is never printed. */
export type Kind<T> = z.ZodType<T, string>

const digits = z
  .string()
  .regex(/^\d{1,10}$/)
  .transform(Number)

export function whole(unit: string, least: number, most: number): Kind<number> {
  return digits.pipe(z.number().min(least).max(most)).describe(`a whole number of ${unit} from ${least} to ${most}`)
}

/** A port. With 0 the system chooses one. */
export const port: Kind<number> = whole('ports', 0, 65_535).describe('a port from 0 to 65535')

/** Where to listen: an address or host name, or the path of a Unix socket. */
export const listenHost: Kind<string> = z
  .string()
  .transform((text) => text.replace(/^\[(.*)\]$/, '$1'))
  .refine((text) => /^(unix:\/[^\0]{1,100}|[\w.:%-]{1,253})$/.test(text))
  .describe('an IP address, a host name of this machine, or unix:/PATH')

/** A length of time in seconds, up to 20 years. */
export const seconds = (least: number, most = 631_152_000) => whole('seconds', least, most)

/** A length of time, or 0 for never. */
export function orNever(kind: Kind<number>): Kind<number> {
  const never = z.literal('0').transform(() => 0)
  return z.union([never, kind]).describe(`0, or ${kind.description}`)
}

export function choice<const C extends readonly string[]>(...choices: C) {
  return z.enum(choices).describe(`one of ${choices.join(', ')}`)
}

export const flag: Kind<boolean> = z
  .enum(['on', 'off'])
  .transform((text) => text === 'on')
  .describe('on or off')

export const line: Kind<string> = z
  .string()
  .max(200)
  .regex(/^\P{Cc}*$/u)
  .describe('one line of text, at most 200 characters')

export const file: Kind<string> = z.string().refine(isReadable).describe('the path of a file that can be read')

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

const webUrl = (text: string) => {
  const url = text.length <= 2000 && !/\s/.test(text) ? URL.parse(text) : null
  return url && /^https?:$/.test(url.protocol) && !url.username && !url.password ? url : undefined
}

const withoutSlash = (text: string) => text.replace(/\/$/, '')

/** The issuer. Its path has only characters that no proxy or client rewrites. */
export const issuer: Kind<string> = z
  .string()
  .refine((text) => {
    const url = webUrl(text)
    if (!url || withoutSlash(url.origin + url.pathname) !== withoutSlash(text)) return false
    return /^(\/[\w.~-]+)*\/?$/.test(url.pathname)
  })
  .transform(withoutSlash)
  .describe('a URL of scheme, host, port and path only, such as https://auth.example.com or https://example.com/auth')

/** The address of a page that people open. */
export const page: Kind<string> = z
  .string()
  .refine((text) => webUrl(text) !== undefined)
  .describe('a URL that begins with https:// or http://')

/** Whether a URL of PostgreSQL can be read in one way only: characters with a meaning are encoded in the user name and the password. */
function isPostgresUrl(text: string): boolean {
  const shape = /^postgres(?:ql)?:\/\/(?:(?<user>[^@/?#\s]*)@)?(?<host>[^@/?#\s]*)(?:\/[^@/?#\s]*)?(?:\?[^#\s]*)?$/
  const parts = shape.exec(text)?.groups
  if (!parts || /%(?![\da-f]{2})/i.test(text)) return false
  const { user = '', host = '' } = parts
  return user.split(':').length <= 2 && (host === '' || URL.canParse(`postgres://${host}`))
}

export const database: Kind<string> = z
  .string()
  .refine((text) => /^sqlite:./s.test(text) || isPostgresUrl(text))
  .describe(
    'sqlite:PATH, sqlite::memory: or postgres://USER:PASSWORD@HOST/DATABASE. In a user name or password, write # as %23, / as %2F, : as %3A, ? as %3F, @ as %40 and % as %25',
  )
  .meta({ secret: true })

/** A list separated by commas. */
function list(isItem: (item: string) => boolean): Kind<readonly string[]> {
  return z
    .string()
    .transform((text) => text.split(',').map((each) => each.trim()))
    .refine((items) => items.every(isItem))
}

export const secrets: Kind<readonly string[]> = list((each) => each.length >= 32 && each.length <= 1024)
  .describe('a random text of at least 32 characters (or several, separated by commas, the newest first)')
  .meta({ secret: true })

/** Host names. `*.` stands for every name below a host. */
export const hosts: Kind<readonly string[]> = list((each) => /^(\*\.)?[a-z\d-]+(\.[a-z\d-]+)*$/i.test(each))
  .transform((items) => items.map((each) => each.toLowerCase()))
  .describe('host names separated by commas, such as claude.ai,*.example.com')

/** Schemes that browsers or systems give a meaning of their own, so that no app may be opened by them. */
const RESERVED_SCHEMES = new Set(
  'about blob chrome data file filesystem ftp http https intent javascript mailto sms tel urn vbscript view-source ws wss'.split(
    ' ',
  ),
)

/** URI schemes without a dot; a scheme with a dot needs no permission. `none` is the empty list. */
export const schemes: Kind<readonly string[]> = list(
  (each) => /^[a-z][a-z\d+-]*$/.test(each) && !RESERVED_SCHEMES.has(each),
)
  .transform((items) => items.filter((each) => each !== 'none'))
  .describe('URI schemes without a dot, separated by commas, such as vscode,cursor, or none')

export const networks: Kind<readonly string[]> = list((each) => each === 'unix' || isNetwork(each)).describe(
  'addresses or networks separated by commas, such as 10.0.0.0/8,::1, or unix for a proxy that uses the Unix socket',
)

/** An address, optionally with a prefix length that fits it. A zone (`%eth0`) names no network. */
function isNetwork(text: string): boolean {
  const [, address = '', bits] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(text) ?? []
  const family = isIP(address)
  return family !== 0 && Number(bits ?? 0) <= (family === 4 ? 32 : 128)
}
