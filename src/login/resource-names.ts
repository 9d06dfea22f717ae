import type { AuthorizationRequest } from '../domain/requests/authorization-request.ts'
import { plainName } from '../kit/plain-name.ts'
import type { Site } from '../site.ts'

/** The names of the resources that the tokens will be for, without the platform's own API. */
export async function resourceNames(
  { resources }: AuthorizationRequest,
  { store, config }: Site,
): Promise<readonly string[]> {
  const named = resources.filter((each) => each !== config.issuer)
  const found = await Promise.all(named.map((each) => store.resources.findLive(each)))
  return named.map((each, index) => plainName(found[index]?.name ?? '') || new URL(each).host || each)
}
