import type { Store } from '../../../src/store/store.ts'
import type { Engine } from '../../parts/test-site.ts'

/** What every chapter of the contract receives. */
export interface Given {
  readonly engine: Engine
  /** The store that all chapters share. */
  store(): Store
  /** The store of another server on the same database. */
  another(): Promise<Store>
}
