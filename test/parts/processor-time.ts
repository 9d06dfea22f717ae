/** Runs `work` and returns its cost for this process, in milliseconds of processor time. Other programs do not count. */
export async function processorTime<T>(work: () => Promise<T>): Promise<{ answer: T; cost: number }> {
  const begun = process.cpuUsage()
  const answer = await work()
  const { user, system } = process.cpuUsage(begun)
  return { answer, cost: (user + system) / 1000 }
}
