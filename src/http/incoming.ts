import { isUtf8 } from 'node:buffer'
import { newUid } from '../kit/id.ts'
import { isRecord } from '../kit/json.ts'
import type { AddressReader } from './address.ts'
import { readBody, tooLarge } from './body.ts'
import type { Message } from './message.ts'
import { noParams, type Params, plain, readJson, readJsonParams, readParams } from './params.ts'
import { refuse } from './refusals.ts'
import { type Pieces, pathBelow, pathOf } from './router.ts'

/** What the server passes along with a request. */
export interface Surroundings {
  addressOf: AddressReader
  bodyLimit: number
  /** The named pieces of the path. */
  path: Pieces
  /** Returns the path of a request target for the log and for records. */
  pathForLog?: (target: string) => string
  /** The path of the issuer, below which the server is. */
  basePath?: string
}

/** Headers that decide about security. If one is sent twice, a proxy may have used the other one, so the request is refused. */
const DECISIVE: ReadonlySet<string> = new Set(['authorization', 'content-type', 'host'])

/** A request: headers, query and body, each with its limits. Each is read when it is first used, and only once. */
export class Incoming {
  private readonly message: Message
  private readonly around: Surroundings
  private known: { reference?: string; query?: Params; text?: Promise<string>; body?: unknown } = {}

  constructor(message: Message, around: Surroundings) {
    this.message = message
    this.around = around
  }

  /** The named pieces of the path. Throws a 400 when one contains characters that cannot be stored. */
  get path(): Pieces {
    for (const piece of Object.values(this.around.path)) plain(piece)
    return this.around.path
  }

  get method(): string {
    return this.message.method ?? ''
  }

  /** The request target: path and query, or an absolute URL from a client that uses this server as a proxy. */
  get url(): string {
    return this.message.url ?? ''
  }

  /** Identifies this request in the answer, the log and the audit events. */
  get reference(): string {
    this.known.reference ??= newUid(12)
    return this.known.reference
  }

  /** Returns a header. Throws a 400 when a header that decides about security was sent twice. */
  header(name: string): string | undefined {
    const value = this.message.headers[name]
    if (Array.isArray(value)) return value.join(', ')
    if (DECISIVE.has(name) && value !== undefined) this.refuseRepeated(name)
    return value
  }

  /** Returns a header as it was sent, for records: repeated headers are joined, not refused. */
  sent(name: string): string | undefined {
    return this.message.headersDistinct[name]?.join(', ')
  }

  /** The path below that of the issuer, without the query. */
  get pathname(): string {
    return pathBelow(this.around.basePath, pathOf(this.url))
  }

  /** The path for the log and for records, without anything that may be a secret. */
  get loggedPath(): string {
    return this.around.pathForLog?.(this.url) ?? '…'
  }

  private refuseRepeated(name: string): void {
    const { rawHeaders } = this.message
    let seen = 0
    for (let index = 0; index < rawHeaders.length; index += 2) {
      const raw = rawHeaders[index]!
      if (raw.length === name.length && raw.toLowerCase() === name) seen++
    }
    if (seen > 1) refuse('header.repeated', { name, times: seen })
  }

  /** The Host header without the port, for choosing a brand. Never build a URL from it. Throws a 400 when it is not valid. */
  get host(): string {
    const host = this.header('host') ?? ''
    if (host === '') return ''
    const url = URL.parse(`http://${host}`)
    if (url?.href !== `http://${url?.host}/`) refuse('header.host')
    return url.hostname.toLowerCase()
  }

  get address(): string {
    return this.around.addressOf(this.message.socket.remoteAddress, this.header('x-forwarded-for'))
  }

  get query(): Params {
    const { url } = this
    const mark = url.indexOf('?')
    const hash = url.indexOf('#', mark)
    this.known.query ??= mark < 0 ? noParams : readParams(url.slice(mark + 1, hash < 0 ? undefined : hash))
    return this.known.query
  }

  /** Throws a 400 when one of these parameters is in the URL: logs keep URLs. */
  checkNotInUrl(names: readonly string[]): void {
    if (names.length === 0 || this.query.isEmpty) return
    const misplaced = names.find((name) => this.query.has(name))
    if (misplaced !== undefined) refuse('parameter.in-url', { parameter: misplaced })
  }

  /** The body as it was parsed so far, for records: parameters or a JSON value. */
  get understoodBody(): unknown {
    return this.known.body
  }

  /** Returns the parameters of the body: a form (RFC 6749 §3.2) or a JSON object of strings. An empty body has none. */
  async form(): Promise<Params> {
    const type = this.bodyType()
    const text = await this.text()
    if (text === '') return noParams
    if (type === 'application/x-www-form-urlencoded') return this.understand(readParams(text))
    if (type === 'application/json') return this.understand(readJsonParams(text))
    return refuse('body.not-a-form-or-json')
  }

  /** Returns the fields of one of our own forms. Accepts no other content type. */
  async pageForm(): Promise<Params> {
    if (this.bodyType() !== 'application/x-www-form-urlencoded') refuse('form.not-a-form')
    return this.understand(readParams(await this.text()))
  }

  /** Returns the body as a JSON object, or an object made of a form's fields. Refuses any other JSON. */
  async json(): Promise<Record<string, unknown>> {
    const type = this.bodyType()
    const text = await this.text()
    if (text === '') return {}
    if (type === 'application/json') {
      const body = this.understand(readJson(text))
      return isRecord(body) ? body : refuse('json.not-an-object')
    }
    if (type === 'application/x-www-form-urlencoded') {
      const params = this.understand(readParams(text))
      return Object.fromEntries(params.names().map((name) => [name, params.get(name)]))
    }
    return refuse('body.not-json')
  }

  private understand<T>(body: T): T {
    this.known.body = body
    return body
  }

  private bodyType(): string | undefined {
    const [type, ...rest] = (this.header('content-type') ?? '').split(';')
    for (const parameter of rest) {
      const [name, charset] = parameter.split('=', 2) as [string, string | undefined]
      if (name.trim().toLowerCase() === 'charset' && !/^("?)utf-?8\1$/i.test(charset?.trim() ?? ''))
        refuse('body.charset')
    }
    const encoding = this.header('content-encoding')
    if (encoding && encoding.toLowerCase() !== 'identity') refuse('body.compressed')
    return type!.trim().toLowerCase() || undefined
  }

  private text(): Promise<string> {
    this.known.text ??= this.readText()
    return this.known.text
  }

  private async readText(): Promise<string> {
    const { bodyLimit } = this.around
    const length = this.header('content-length')
    if (length !== undefined && Number(length) > bodyLimit) throw tooLarge(bodyLimit)
    const bytes = await readBody(this.message, bodyLimit)
    if (!isUtf8(bytes)) refuse('body.not-utf-8')
    return bytes.toString('utf8')
  }
}
