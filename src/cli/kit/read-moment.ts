const UNITS = { m: 60, h: 3600, d: 86_400 } as const

/**
 * Reads a time: a date, a date with a time of day in UTC or with an offset, or how long ago (`45m`, `2h`, `3d`). Returns seconds since the epoch;
 * undefined for anything else.
 */
export function readMoment(text: string, now: number): number | undefined {
  const [, count, unit] = /^(\d{1,5})([mhd])$/.exec(text) ?? []
  if (count !== undefined) return Math.max(0, now - Number(count) * UNITS[unit as keyof typeof UNITS])
  if (!/^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?)?$/.test(text)) return undefined
  const isLocal = /\d\d:\d\d$/.test(text) && !/[+-]\d\d:\d\d$/.test(text)
  const at = Date.parse(isLocal ? `${text.replace(' ', 'T')}Z` : text.replace(' ', 'T'))
  return Number.isNaN(at) || at < 0 ? undefined : Math.floor(at / 1000)
}
