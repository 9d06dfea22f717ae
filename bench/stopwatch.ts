import { canPin, coreSeconds, loadCore, processorSeconds, serverCore } from './process.ts'

/** Shares of a core, 0 to 1, over the timed window. */
export interface Busy {
  seconds: number
  serverBusy: number
  loadBusy: number
  /** Share of the two cores that went to neither: other programs, and the kernel's own work for the disk. */
  others: number
}

/** Times a window, and with it the processor time of the server, of this process, and of the cores they run on. */
export function stopwatch(serverPid: number) {
  const look = () => ({
    at: performance.now() / 1000,
    server: processorSeconds(serverPid),
    load: process.cpuUsage(),
    cores: coreSeconds(),
  })
  let begun = look()
  let ended: ReturnType<typeof look> | undefined

  return {
    begin() {
      begun = look()
    },
    /** Ends the window; only the first call counts. */
    end() {
      ended ??= look()
    },
    isOver: () => ended !== undefined,
    read(): Busy {
      const { at, server, load, cores } = ended ?? look()
      const seconds = at - begun.at
      const serverBusy = (server - begun.server) / seconds
      const loadBusy = (load.user + load.system - begun.load.user - begun.load.system) / 1e6 / seconds
      const coreBusy = (core: number) => ((cores[core] ?? 0) - (begun.cores[core] ?? 0)) / seconds
      const others = canPin ? coreBusy(serverCore) + coreBusy(loadCore) - serverBusy - loadBusy : 0
      return { seconds, serverBusy, loadBusy, others: Math.max(0, others) }
    },
  }
}
