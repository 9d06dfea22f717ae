/**
 * `npm run bench`: Behalf, a peer and bare `node:http` in one sitting, the server on one core and the load on another.
 *
 *   --quick            one short round with fewer tokens stored, to see that it works
 *   --only a,b         only these scenarios (userinfo, introspection, exchange, exchange-openid,
 *                      exchange-es256, refresh, client-credentials) or servers (bare, peer-memory, peer-sqlite,
 *                      behalf-10k, behalf-1m)
 *   --spread           ask about 400 thousand tokens in place of 10 thousand, so that hardly any is asked about twice
 *   --markdown FILE    also write the table for docs/performance.md
 *   --profile FOLDER   also write a CPU profile of every Behalf server, which costs it a part of its speed
 */
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type Contender, isOnce, isStoring, type Running, type Scenario, scenarios } from './contender.ts'
import type { Driven, Job } from './load.ts'
import { canPin, fsyncMicroseconds, loadCore, pinSelf, startPinned, watchMemory } from './process.ts'
import { ask, proveSamples, proveStored } from './prove.ts'
import { asMarkdown, asText, type ColdStart, foldRounds, judge, type Measured } from './report.ts'
import { bare } from './servers/bare.ts'
import { behalf, recordAnswers } from './servers/behalf.ts'
import { peer } from './servers/peer.ts'

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean' },
    only: { type: 'string' },
    spread: { type: 'boolean' },
    markdown: { type: 'string' },
    profile: { type: 'string' },
  },
})
const rounds = options.quick ? 1 : 2
const seconds = options.quick ? 2 : 5
const warmSeconds = options.quick ? 1 : 2
const connections = 32
const fewTokens = 10_000
/** How many different tokens are asked about. */
const askedTokens = options.spread ? 400_000 : fewTokens
const manyTokens = options.quick ? 100_000 : 1_000_000

/** More codes than the server at hand takes in a second; should they run out all the same, the figures stop there. */
const codesPerSecond: Record<string, number> = { 'peer-memory': 14_000, 'peer-sqlite': 3_000 }
const codesPerSecondElse = 26_000

/** What every answer must contain, where it is no access token. */
const MARKS: Partial<Record<Scenario, string>> = { userinfo: '"sub":"', introspection: '"active":true' }

const only = options.only?.split(',') ?? []
const wanted = (name: string, kind: readonly string[]) => only.includes(name) || !only.some((one) => kind.includes(one))

pinSelf()
mkdirSync(join(import.meta.dirname, 'data'), { recursive: true })
const workFolder = mkdtempSync(join(import.meta.dirname, 'data', 'run-'))
const measured: Measured[] = []
const coldStarts: ColdStart[] = []
const say = (line: string) => console.error(line)

try {
  const machine = [
    `${cpus().length} × ${cpus()[0]?.model.trim()}`,
    `Node ${process.version}`,
    `an fsync takes ${Math.round(fsyncMicroseconds(workFolder))} µs`,
    `${connections} connections`,
    `${rounds} × ${seconds} s`,
    canPin ? 'server and load pinned to a core each' : 'NOT pinned to cores',
  ].join(', ')
  say(machine)

  const place = {
    workFolder,
    nodeFlags: options.profile ? ['--cpu-prof', `--cpu-prof-dir=${resolve(options.profile)}`] : [],
  }
  const few = behalf('behalf-10k', 'Behalf, 10 thousand tokens', fewTokens, scenarios, place)
  const manyLabel = `Behalf, ${options.quick ? '100 thousand' : '1 million'} tokens`
  const many = behalf('behalf-1m', manyLabel, manyTokens, ['userinfo', 'exchange'], place)

  const contenders = [
    bare(await recordAnswers(few), workFolder),
    peer('memory', workFolder),
    peer('sqlite', workFolder),
    few,
    many,
  ]
  const names = contenders.map(({ id }) => id)
  for (let round = 1; round <= rounds; round++) {
    for (const contender of contenders) if (wanted(contender.id, names)) await measure(contender, round)
  }

  const rows = foldRounds(measured)
  const bars = judge(rows, coldStarts)
  console.log(`\n${asText(rows, bars)}`)
  if (options.markdown) writeFileSync(options.markdown, asMarkdown(rows, bars, machine))
} finally {
  rmSync(workFolder, { recursive: true, force: true })
}

/** Starts one contender, drives each of its scenarios, checks what it answered, and stops it. */
async function measure(contender: Contender, round: number): Promise<void> {
  const running = await contender.start()
  const { id, label } = contender
  if (contender.id.startsWith('behalf')) coldStarts.push({ contender: id, milliseconds: running.readyAfter })
  try {
    for (const scenario of contender.scenarios.filter((one) => wanted(one, scenarios))) {
      const memory = watchMemory(running.pid)
      const supply = await mint(contender, running, scenario)
      const storedBefore = running.storedTokens?.()
      const driven = await drive(running, scenario, supply)
      const megabytes = memory.highest()
      if (id !== 'bare') await proveSamples(running, scenario, driven.samples)
      if (isStoring(scenario)) proveStored(storedBefore, running.storedTokens?.(), driven)
      const { rate, p50, p99, serverBusy, loadBusy, others } = driven
      measured.push({ contender: id, label, scenario, rate, p50, p99, memory: megabytes, serverBusy, loadBusy, others })
      say(`round ${round}  ${id}  ${scenario}  ${Math.round(rate)}/s${driven.ranOut ? '  (codes ran out early)' : ''}`)
    }
  } finally {
    await running.stop()
  }
}

/** Makes what the run will use up, and tries one by hand. */
async function mint(contender: Contender, running: Running, scenario: Scenario): Promise<string[] | undefined> {
  const perSecond = codesPerSecond[contender.id] ?? codesPerSecondElse
  const count = isOnce(scenario) ? perSecond * (seconds + warmSeconds) : askedTokens
  const supply = await running.supply(scenario, count)
  // What was made for the run is on disk before the clock starts, so that no run pays for its own preparation.
  execFileSync('sync')
  const answer = await ask(running, scenario, supply?.at(-1) ?? '')
  if (answer.status !== 200) throw new Error(`${contender.id} ${scenario}: ${answer.status} ${await answer.text()}`)
  return isOnce(scenario) ? supply?.slice(0, -1) : supply
}

/** Has the load process send it all. */
async function drive(running: Running, scenario: Scenario, supply: string[] | undefined): Promise<Driven> {
  const job: Job = {
    port: running.port,
    pid: running.pid,
    target: running.target(scenario),
    ...(supply && { supply }),
    once: isOnce(scenario) && supply !== undefined,
    mark: MARKS[scenario] ?? '"access_token":"',
    warmSeconds,
    seconds,
    connections,
  }
  const file = join(workFolder, 'job.json')
  writeFileSync(file, JSON.stringify(job))
  const child = startPinned(loadCore, [join(import.meta.dirname, 'load.ts'), file])
  const driven = once(child, 'message') as Promise<[Driven]>
  const failed = once(child, 'exit').then(() => Promise.reject(new Error(`${scenario}: the load process failed`)))
  return (await Promise.race([driven, failed]))[0]
}
