import { AsyncLocalStorage } from 'node:async_hooks'
import { subscribe } from 'node:diagnostics_channel'
import { Session } from 'node:inspector'
import { relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = resolve(import.meta.dirname, '..')

/** A call of a function of `src/`. */
export interface Call {
  file: string
  /** Empty for a callback without a name. */
  name: string
  line: number
}

export interface Recorder {
  /** Watches all functions of `src/` that were compiled until now. */
  watch(): Promise<void>
  /** Sends a request to a server in this process, and returns the calls that it led to, in order. */
  record(send: () => Promise<Response>): Promise<{ answer: Response; calls: Call[] }>
}

interface Place {
  lineNumber: number
  columnNumber: number
}
interface Covered {
  scriptId: string
  url: string
  functions: { functionName: string; ranges: { startOffset: number; endOffset: number }[] }[]
}

/**
 * Records calls by breakpoints that never pause: the condition of each notes the call and is false. Where the functions begin and end is
 * known from V8's coverage, so no source text is parsed or changed. Open it before the code that it shall watch is imported.
 */
export async function openRecorder(): Promise<Recorder> {
  const session = new Session()
  session.connect()
  const post = <T>(method: string, params?: object) =>
    new Promise<T>((resolve, reject) =>
      session.post(method, params, (error, result) => (error ? reject(error) : resolve(result as T))),
    )
  await post('Profiler.enable')
  await post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
  await post('Debugger.enable')

  const functions: Call[] = []
  const current = new AsyncLocalStorage<Call[]>()
  let recorded: Call[] | undefined
  // The server handles a request in the async context of this event. What jobs do meanwhile is not recorded.
  subscribe('http.server.request.start', () => recorded && current.enterWith(recorded))
  Object.assign(globalThis, { recordCall: (index: number) => void current.getStore()?.push(functions[index]!) })

  /** Sets the breakpoint of one function; one without code of its own, such as an empty one, has no place for it. */
  async function watchFunction(scriptId: string, start: Place, end: Place, call: Call): Promise<void> {
    const range = { start: { scriptId, ...start }, end: { scriptId, ...end }, restrictToFunction: true }
    const { locations } = await post<{ locations: Place[] }>('Debugger.getPossibleBreakpoints', range)
    if (!locations[0]) return
    const index = functions.push(call) - 1
    const location = { scriptId, ...locations[0] }
    await post('Debugger.setBreakpoint', { location, condition: `recordCall(${index})` })
  }

  return {
    async watch() {
      const { result } = await post<{ result: Covered[] }>('Profiler.takePreciseCoverage')
      for (const { scriptId, url, functions: found } of result) {
        const file = url.startsWith('file:') ? relative(ROOT, fileURLToPath(url)) : ''
        if (!file.startsWith('src/')) continue
        const { scriptSource } = await post<{ scriptSource: string }>('Debugger.getScriptSource', { scriptId })
        const placeOf = (offset: number): Place => {
          const lines = scriptSource.slice(0, offset).split('\n')
          return { lineNumber: lines.length - 1, columnNumber: lines.at(-1)!.length }
        }
        for (const { functionName, ranges } of found) {
          const { startOffset, endOffset } = ranges[0]!
          const isModule = startOffset === 0 && endOffset >= scriptSource.length
          const start = placeOf(startOffset)
          const call = { file, name: functionName, line: start.lineNumber + 1 }
          if (!isModule) await watchFunction(scriptId, start, placeOf(endOffset), call)
        }
      }
    },
    async record(send) {
      recorded = []
      const calls = recorded
      const answer = await send()
      recorded = undefined
      return { answer, calls: [...calls] }
    },
  }
}
