/** Returns for how many seconds from now an answer may be cached (RFC 9111 §4.2); undefined when it does not say. */
export function freshnessOf(headers: Headers, now: number): number | undefined {
  const control = (headers.get('cache-control') ?? '').toLowerCase()
  if (/(^|[\s,])(no-store|no-cache)($|[\s,=])/.test(control)) return 0
  const age = wholeOf(headers.get('age') ?? undefined) ?? 0
  const most = wholeOf(/(?:^|[\s,])max-age\s*=\s*"?(\d{1,10})/.exec(control)?.[1])
  if (most !== undefined) return Math.max(0, most - age)
  const expires = headers.get('expires')
  if (expires === null) return undefined
  const at = Date.parse(expires)
  // An invalid date means that the answer has expired (RFC 9111 §5.3).
  return Number.isNaN(at) ? 0 : Math.max(0, Math.floor(at / 1000) - now)
}

function wholeOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*\d{1,10}\s*$/.test(text) ? Number(text) : undefined
}
