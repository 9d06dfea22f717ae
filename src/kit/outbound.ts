import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { isPublicAddress } from './public-address.ts'
import { openResolver, type ResolveName } from './resolve-name.ts'

/** The answer to an outbound request. */
export interface Fetched {
  status: number
  headers: Headers
  bytes: Buffer
  text: string
}

/**
 * Sends requests to URLs that third parties choose: https only, public addresses only, no redirects, with limits of time and size. Every
 * failure is an OutboundFault.
 */
export interface Outbound {
  /** Fetches a document. Throws unless the answer has status 200, a media type in `accept`, and at most `most` bytes (default 64 KiB). */
  get(url: string, options: { accept: readonly string[]; most?: number; share?: Share }): Promise<Fetched>
  /** Posts a body and returns the answer, of any status, cut to `most` bytes (default 64 KiB). Uses the pool `deliveries`. */
  post(url: string, body: string, headers: Record<string, string>, options?: { most?: number }): Promise<Fetched>
}

/** Which concurrent requests a request counts with, so that slow hosts of one kind of app delay no other kind. */
export interface Share {
  pool: 'apps' | 'strangers' | 'deliveries'
  /** Whose request caused it. A visitor has only a part of the pool, and of each host in it. */
  visitor?: string
}

export interface OutboundOptions {
  /** Whether http and private addresses are allowed, for development and tests. */
  allowPrivate?: boolean
  resolve?: ResolveName
  /** Seconds for the whole exchange, from resolving the name to the last byte. */
  timeout?: number
  /** The maximum of concurrent requests in each pool, in total and per host. More fail immediately. */
  parallel?: { all: number; perHost: number }
}

/** Why an outbound request failed, for the log. A client that chose the URL never sees it, or it could scan our network. */
export class OutboundFault extends Error {}

const MAX_BYTES = 65_536

/** How many visitors with slow hosts it takes to use up a pool, or the requests to one host. */
const MIN_VISITORS = 4

interface Sent {
  method: 'GET' | 'POST'
  share: Share
  headers: Record<string, string>
  body?: string
}

/** Opens the client for outbound requests. It uses no proxy, and sends no cookies and no credentials of ours. */
export function openOutbound(options: OutboundOptions = {}): Outbound {
  const { allowPrivate = false, resolve = openResolver(), timeout = 5, parallel = { all: 64, perHost: 4 } } = options
  const agents = { 'http:': new HttpAgent({ keepAlive: false }), 'https:': new HttpsAgent({ keepAlive: false }) }
  const underWay = new Map<string, number>()

  /** Returns everything that a request counts for, with the maximum of each. */
  const countsOf = ({ pool, visitor }: Share, host: string): readonly (readonly [key: string, most: number])[] => {
    const { all, perHost } = parallel
    if (visitor === undefined)
      return [
        [pool, all],
        [`${pool} ${host}`, perHost],
      ]
    return [
      [pool, all],
      [`${pool} ${host}`, perHost * MIN_VISITORS],
      [`${pool} of ${visitor}`, Math.ceil(all / MIN_VISITORS)],
      [`${pool} of ${visitor} ${host}`, perHost],
    ]
  }

  async function exchange<T>(text: string, sent: Sent, read: (answer: IncomingMessage) => Promise<T>): Promise<T> {
    const url = target(text, allowPrivate)
    const counts = countsOf(sent.share, url.host)
    if (counts.some(([key, most]) => (underWay.get(key) ?? 0) >= most))
      throw new OutboundFault(`Too many requests to ${url.host} are under way.`)
    for (const [key] of counts) underWay.set(key, (underWay.get(key) ?? 0) + 1)
    const deadline = AbortSignal.timeout(timeout * 1000)
    let request: ClientRequest | undefined
    try {
      const addresses = await within(deadline, addressesOf(url, { allowPrivate, resolve }, deadline))
      const begin = url.protocol === 'http:' ? httpRequest : httpsRequest
      request = begin(url, {
        method: sent.method,
        headers: { 'user-agent': 'Behalf', 'accept-encoding': 'identity', ...sent.headers },
        agent: agents[url.protocol as keyof typeof agents],
        lookup: pinned(addresses),
        rejectUnauthorized: true,
        insecureHTTPParser: false,
        signal: deadline,
      })
      return await within(deadline, answerTo(request, sent.body).then(read))
    } catch (error) {
      if (error instanceof OutboundFault) throw error
      throw new OutboundFault(`Nothing usable came from ${url.host}.`, { cause: error })
    } finally {
      // Do not wait for the rest of the answer.
      request?.on('error', () => undefined).destroy()
      for (const [key] of counts) {
        const left = underWay.get(key)! - 1
        if (left > 0) underWay.set(key, left)
        else underWay.delete(key)
      }
    }
  }

  return {
    get: (url, { accept, most = MAX_BYTES, share = { pool: 'apps' } }) =>
      exchange(url, { method: 'GET', share, headers: { accept: accept.join(', ') } }, async (answer) => {
        checkAnswer(answer, accept)
        const { bytes, isWhole } = await readBody(answer, most)
        if (!isWhole) throw new OutboundFault(`The document is larger than ${most} bytes.`)
        return fetched(answer, bytes)
      }),
    post: (url, body, headers, { most = MAX_BYTES } = {}) =>
      exchange(url, { method: 'POST', share: { pool: 'deliveries' }, headers, body }, async (answer) =>
        fetched(answer, (await readBody(answer, most)).bytes),
      ),
  }
}

/** Parses the URL, which also makes decimal, octal and short addresses canonical. */
function target(text: string, allowPrivate: boolean): URL {
  const url = text.length <= 2000 ? URL.parse(text) : null
  if (!url || !(url.protocol === 'https:' || (allowPrivate && url.protocol === 'http:')))
    throw new OutboundFault('Only https URLs are fetched.')
  if (url.username || url.password) throw new OutboundFault('A URL with a user name is not fetched.')
  return url
}

/** Resolves the host of a URL once and returns all addresses. Throws when one of them is not public, unless that is allowed. */
async function addressesOf(
  url: URL,
  how: { allowPrivate: boolean; resolve: ResolveName },
  deadline: AbortSignal,
): Promise<readonly string[]> {
  const name = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  const addresses = isIP(name) ? [name] : await how.resolve(name, deadline)
  if (addresses.length === 0 || !addresses.every((each) => isIP(each))) throw new OutboundFault('No address was found.')
  const bad = how.allowPrivate ? undefined : addresses.find((each) => !isPublicAddress(each))
  if (bad !== undefined) throw new OutboundFault(`${url.host} is at ${bad}, which is not a public address.`)
  return addresses
}

/** Makes a connection use only these addresses, even if the name later resolves to others. SNI and Host keep the name. */
function pinned(addresses: readonly string[]): LookupFunction {
  const all = addresses.map((address) => ({ address, family: isIP(address) }))
  return (_name, { all: wantsAll }, give) => {
    if (wantsAll) give(null, all)
    else give(null, all[0]!.address, all[0]!.family)
  }
}

function answerTo(request: ClientRequest, body: string | undefined): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.on('response', resolve).on('error', reject)
    request.on('upgrade', () => reject(new OutboundFault('The server asked to upgrade to another protocol.')))
    request.end(body)
  })
}

function checkAnswer(answer: IncomingMessage, accept: readonly string[]): void {
  if (answer.statusCode !== 200) throw new OutboundFault(`The answer has status ${answer.statusCode}, not 200.`)
  const [type = ''] = (answer.headers['content-type'] ?? '').split(';')
  if (!accept.includes(type.trim().toLowerCase())) throw new OutboundFault(`The answer is not ${accept.join(' or ')}.`)
  const coding = answer.headers['content-encoding'] ?? 'identity'
  if (coding !== 'identity') throw new OutboundFault('The answer is compressed, which was not asked for.')
}

async function readBody(answer: IncomingMessage, most: number): Promise<{ bytes: Buffer; isWhole: boolean }> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of answer as AsyncIterable<Buffer>) {
    pieces.push(piece)
    size += piece.length
    if (size > most) return { bytes: Buffer.concat(pieces).subarray(0, most), isWhole: false }
  }
  return { bytes: Buffer.concat(pieces), isWhole: true }
}

function fetched(answer: IncomingMessage, bytes: Buffer): Fetched {
  const headers = new Headers()
  for (let at = 0; at < answer.rawHeaders.length; at += 2)
    headers.append(answer.rawHeaders[at]!, answer.rawHeaders[at + 1]!)
  return { status: answer.statusCode!, headers, bytes, text: bytes.toString() }
}

/** Stops waiting at the deadline, because some waits cannot be cancelled. */
function within<T>(deadline: AbortSignal, wait: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new OutboundFault('It took too long.'))
    if (deadline.aborted) late()
    deadline.addEventListener('abort', late, { once: true })
    wait.then(resolve, reject).finally(() => deadline.removeEventListener('abort', late))
  })
}
