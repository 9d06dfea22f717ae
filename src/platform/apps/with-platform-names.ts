import { nameOn } from '../../domain/apps/settings.ts'
import { Refusal } from '../../kit/refusal.ts'

/** Does the work; what it refuses of a setting has the name that this API has for it. */
export async function withPlatformNames<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof Refusal ? error.renamed(nameOn('platform')) : error
  }
}
