/**
 * The load generator as a process of its own: warms up, then drives one scenario with autocannon and sends what it measured
 * over IPC. Every request is built before the clock starts, each code is sent once, every answer must be a 200 of the right
 * shape, and the processor time of both sides is taken over the same window, so that a load tool at its limit shows.
 * `node load.ts JOB.json`
 */
import { readFileSync } from 'node:fs'
import autocannon, { type Client, type Request, type Result } from 'autocannon'
import type { Target } from './contender.ts'
import { type Busy, stopwatch } from './stopwatch.ts'

export interface Job {
  port: number
  pid: number
  target: Target
  /** Codes or tokens to send; without them the target is sent as it is, again and again. */
  supply?: string[]
  /** Each of the supply is good for one request only. */
  once: boolean
  /** What every body must contain. */
  mark: string
  warmSeconds: number
  seconds: number
  connections: number
}

export interface Driven extends Busy {
  rate: number
  /** Milliseconds. */
  p50: number
  p99: number
  /** The one-use supply ended before the time did; the figures are of the time until then. */
  ranOut: boolean
  /** Some of the answers, with what was sent, spread over the run. */
  samples: { sent: string; body: string }[]
  /** Answers received and requests sent altogether, outside the window and in the warm-up too. */
  answered: number
  sent: number
}

/** So many answers of a run are kept to be looked at. */
const sampleSize = 200
const job: Job = JSON.parse(readFileSync(process.argv[2]!, 'utf8'))

const supply = job.supply ?? Array.from({ length: 1000 }, (_, i) => `${i}`.padStart(64, '0'))
const ofAll = job.warmSeconds / (job.warmSeconds + job.seconds)
const forWarming = job.once ? Math.floor(supply.length * ofAll) : supply.length
const warm = await drive(job.warmSeconds, supply.slice(0, forWarming))
const driven = await drive(job.seconds, job.once ? supply.slice(forWarming) : supply)
driven.sent += warm.sent
driven.answered += warm.answered
process.send!(driven, () => process.exit(0))

/** One autocannon run over a part of the supply, shared out among the connections beforehand. */
async function drive(seconds: number, supply: string[]): Promise<Driven> {
  const { connections } = job
  const samples: Driven['samples'] = []
  const requests = buildRequests(supply, samples)
  const left = new Map<Client, number>()
  const watch = stopwatch(job.pid)
  const times: number[] = []
  let answered = 0
  let ranOut = false

  const run = autocannon({
    url: `http://127.0.0.1:${job.port}`,
    connections,
    duration: seconds + 1,
    sampleInt: 100,
    ...(job.once && { maxOverallRequests: supply.length }),
    setupClient(client) {
      // In turn, so that they arrive in the order in which they were made, as codes do that live for 30 seconds.
      const nth = left.size
      const share = requests.filter((_, index) => index % connections === nth)
      left.set(client, share.length)
      client.setRequests(share)
    },
    verifyBody: (body) => body.includes(job.mark),
  })
  run.on('start', () => {
    watch.begin()
    setTimeout(() => {
      watch.end()
      run.stop()
    }, seconds * 1000)
  })
  run.on('response', (client: Client, _status: number, _bytes: number, milliseconds: number) => {
    answered++
    if (watch.isOver()) return
    times.push(milliseconds)
    if (!job.once) return
    left.set(client, left.get(client)! - 1)
    if (left.get(client) !== 0) return
    ranOut = true
    watch.end()
  })

  const result = await run
  watch.end()
  checkAnswers(result)
  const sorted = Float64Array.from(times).sort()
  const quantile = (q: number) => sorted[Math.floor(sorted.length * q)] ?? 0
  const busy = watch.read()
  return {
    ...busy,
    rate: times.length / busy.seconds,
    p50: quantile(0.5),
    p99: quantile(0.99),
    ranOut,
    samples,
    answered,
    // Those under way when the connections were closed may have been done all the same.
    sent: answered + connections,
  }
}

function buildRequests(supply: string[], samples: Driven['samples']): Request[] {
  const { path, method, headers, body } = job.target
  const sampleEvery = Math.max(1, Math.floor(supply.length / sampleSize))
  return supply.map((sent, i) => {
    const request: Request =
      body === undefined
        ? { path, method, headers: { ...headers, authorization: `Bearer ${sent}` } }
        : { path, method, headers: { ...headers }, body: body + sent }
    if (i % sampleEvery === 0) {
      request.onResponse = (_, answer) => {
        if (samples.length < sampleSize) samples.push({ sent, body: answer })
      }
    }
    return request
  })
}

/** Anything but 200 with the expected body ends the benchmark: a fast refusal is no answer. */
function checkAnswers({ statusCodeStats, errors, timeouts, mismatches }: Result): void {
  const strange = Object.entries(statusCodeStats).filter(([status]) => status !== '200')
  if (strange.length === 0 && errors === 0 && mismatches === 0) return
  const statuses = strange.map(([status, { count }]) => `${count} × ${status}`)
  const faults = `${errors} connection errors, ${timeouts} timeouts, ${mismatches} bodies without ${job.mark}`
  throw new Error(`not every answer was good: ${[...statuses, faults].join(', ')}`)
}
