import { isStoring, type Scenario } from './contender.ts'
import type { Busy } from './stopwatch.ts'

/** One scenario of one contender in one round. */
export interface Measured extends Omit<Busy, 'seconds'> {
  contender: string
  label: string
  scenario: Scenario
  rate: number
  /** Milliseconds. */
  p50: number
  p99: number
  /** Highest resident memory of the server while it was driven, MB. */
  memory: number
}

/** One promise of the project beside what was measured. */
export interface Bar {
  promise: string
  measured: string
  met: boolean
}

/** A cold start: process begun to first ready answer, milliseconds, on an existing database. */
export interface ColdStart {
  contender: string
  milliseconds: number
}

const scenarioNames: Record<Scenario, string> = {
  userinfo: 'userinfo',
  exchange: 'code exchange',
  introspection: 'introspection',
  'exchange-openid': 'code exchange with ID token (RS256)',
  'exchange-es256': 'code exchange with ID token (ES256)',
  refresh: 'refresh, rotating',
  'client-credentials': 'client credentials',
}

/** At least this many times the rate of the peer in memory. */
const BARS: readonly [Scenario, number][] = [
  ['userinfo', 4.5],
  ['exchange', 1.8],
  ['introspection', 3.8],
  ['refresh', 1.6],
  ['client-credentials', 1.9],
]

const mean = (numbers: number[]) => numbers.reduce((sum, one) => sum + one, 0) / numbers.length

/** Rounds folded into one row: mean rate and p50, worst p99, most memory. */
export function foldRounds(all: Measured[]): Measured[] {
  const groups = Map.groupBy(all, ({ contender, scenario }) => `${contender} ${scenario}`)
  return [...groups.values()].map((rounds) => ({
    ...rounds[0]!,
    rate: mean(rounds.map((one) => one.rate)),
    p50: mean(rounds.map((one) => one.p50)),
    p99: Math.max(...rounds.map((one) => one.p99)),
    memory: Math.max(...rounds.map((one) => one.memory)),
    serverBusy: mean(rounds.map((one) => one.serverBusy)),
    loadBusy: mean(rounds.map((one) => one.loadBusy)),
    others: Math.max(...rounds.map((one) => one.others)),
  }))
}

/** The promises, computed from the folded rows; one that was not measured is left out. */
export function judge(rows: Measured[], coldStarts: ColdStart[]): Bar[] {
  const rate = (contender: string, scenario: Scenario) =>
    rows.find((row) => row.contender === contender && row.scenario === scenario)?.rate
  const bars: Bar[] = []

  const atLeast = (promise: string, least: number, ours: number | undefined, theirs: number | undefined) => {
    if (ours === undefined || theirs === undefined) return
    bars.push({ promise, measured: `${(ours / theirs).toFixed(2)} ×`, met: ours / theirs >= least })
  }
  const atMost = (promise: string, most: number, values: number[], unit: string) => {
    if (values.length === 0) return
    const highest = Math.max(...values)
    bars.push({ promise, measured: `${Math.round(highest)} ${unit}`, met: highest <= most })
  }

  for (const [scenario, least] of BARS)
    atLeast(
      `${scenarioNames[scenario]} ≥ ${least} × the peer in memory`,
      least,
      rate('behalf-10k', scenario),
      rate('peer-memory', scenario),
    )
  atLeast(
    'code exchange ≥ 6 × the peer made durable',
    6,
    rate('behalf-10k', 'exchange'),
    rate('peer-sqlite', 'exchange'),
  )
  const many = rows.find((row) => row.contender === 'behalf-1m')?.label.replace('Behalf, ', '')
  for (const scenario of ['userinfo', 'exchange'] as const) {
    const promise = `${scenarioNames[scenario]} with ${many} ≥ 0.85 × with 10 thousand`
    atLeast(promise, 0.85, rate('behalf-1m', scenario), rate('behalf-10k', scenario))
  }
  const ours = rows.filter(({ contender }) => contender.startsWith('behalf'))
  atMost(
    'server memory ≤ 165 MB throughout',
    165,
    ours.map(({ memory }) => memory),
    'MB',
  )
  atMost(
    'cold start to ready ≤ 1500 ms on an existing database',
    1500,
    coldStarts.map(({ milliseconds }) => milliseconds),
    'ms',
  )
  return bars
}

const whole = (n: number) => Math.round(n).toLocaleString('en')
const percent = (n: number) => `${Math.round(n * 100)} %`

const columns = [
  'scenario',
  'server',
  'requests/s',
  'p50 ms',
  'p99 ms',
  'memory MB',
  'server core',
  'load core',
  'others',
]

function cells(row: Measured): string[] {
  return [
    scenarioNames[row.scenario],
    row.label,
    whole(row.rate),
    row.p50.toFixed(2),
    row.p99.toFixed(2),
    whole(row.memory),
    percent(row.serverBusy),
    percent(row.loadBusy),
    percent(row.others),
  ]
}

/** The rows grouped by scenario, in the order the contenders ran. */
function inOrder(rows: Measured[]): Measured[] {
  return (Object.keys(scenarioNames) as Scenario[]).flatMap((scenario) =>
    rows.filter((row) => row.scenario === scenario),
  )
}

/** A word of caution when the cores were not ours: rows that nothing but a busy machine explains. */
function doubts(rows: Measured[]): string[] {
  const disturbed = rows.filter(({ contender, scenario, others }) => {
    const writes = contender !== 'bare' && contender !== 'peer-memory' && isStoring(scenario)
    return others > (writes ? 0.5 : 0.25)
  })
  if (disturbed.length === 0) return []
  return [
    `Other programs were busy during ${disturbed.length} of ${rows.length} rows: run this again on a quiet machine.`,
  ]
}

/** The whole report for a terminal. */
export function asText(rows: Measured[], bars: Bar[]): string {
  const table = [columns, ...inOrder(rows).map(cells)].map((line) => line.map((cell) => cell.replaceAll('`', '')))
  const widths = columns.map((_, i) => Math.max(...table.map((line) => line[i]!.length)))
  const lines = table.map((line) =>
    line.map((cell, i) => (i < 2 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '),
  )
  const verdicts = bars.map(({ promise, measured, met }) => `${met ? 'met   ' : 'MISSED'}  ${promise}: ${measured}`)
  return [...lines, '', ...verdicts, ...doubts(rows)].join('\n')
}

/** The whole report for `docs/performance.md`. */
export function asMarkdown(rows: Measured[], bars: Bar[], machine: string): string {
  const line = (list: string[]) => `| ${list.join(' | ')} |`
  const align = (left: number, total: number) =>
    line(Array.from({ length: total }, (_, i) => (i < left ? '---' : '---:')))
  return [
    machine,
    '',
    line(columns),
    align(2, columns.length),
    ...inOrder(rows).map((row) => line(cells(row))),
    '',
    line(['promise', 'measured', '']),
    align(1, 3),
    ...bars.map(({ promise, measured, met }) => line([promise, measured, met ? 'met' : '**missed**'])),
    '',
    ...doubts(rows),
  ].join('\n')
}
