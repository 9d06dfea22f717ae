import { pathOf } from './router.ts'

/** Public identifiers, which the log may contain. */
const UID = /^[a-z0-9]{16}$/

/**
 * Returns a function that returns the path of a request for the log: the declared path, with the uids that were sent in it. Of an address that does not exist, only the
 * segments that other addresses have too are returned. Anything else becomes `…`, because it may be a secret. At most 200 characters.
 */
export function openLoggedPath(paths: Iterable<string>): (declared?: string) => (target: string) => string {
  const known = new Set([...paths].flatMap((path) => path.split('/')).filter((each) => !each.includes(':')))
  return (declared) => (target) => {
    const wanted = declared?.split('/')
    const shown = pathOf(target)
      .split('/')
      .map((each, index) => {
        const own = wanted?.[index]
        if (own !== undefined && !own.includes(':')) return own
        return known.has(each) || (own !== undefined && UID.test(each)) ? each : '…'
      })
    return shown.join('/').slice(0, 200)
  }
}
