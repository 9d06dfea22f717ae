import { before, describe } from 'node:test'
import type { Store } from '../../src/store/store.ts'
import { ENGINES } from '../parts/test-site.ts'
import { appChains } from './contract/app-chains.ts'
import { approvals } from './contract/approvals.ts'
import { apps } from './contract/apps.ts'
import { caching } from './contract/caching.ts'
import { deviceCodes } from './contract/device-codes.ts'
import { liveness } from './contract/liveness.ts'
import { people } from './contract/people.ts'
import { races } from './contract/races.ts'
import { refreshing } from './contract/refreshing.ts'
import { refusals } from './contract/refusals.ts'
import { resources } from './contract/resources.ts'
import { schema } from './contract/schema.ts'
import { secrets } from './contract/secrets.ts'
import { signOuts } from './contract/sign-outs.ts'
import { sweeping } from './contract/sweeping.ts'
import { upkeep } from './contract/upkeep.ts'
import { values } from './contract/values.ts'
import { freshUrl, open } from './engines.ts'

// The contract of `store.ts`, tested on both engines. Each chapter is one part of it.
for (const engine of ENGINES) {
  describe(`the store on ${engine}`, () => {
    let url: string
    let store: Store
    before(async () => {
      url = await freshUrl(engine)
      store = await open(url)
    })
    const given = { engine, store: () => store, another: () => open(url) }
    for (const chapter of [
      people,
      apps,
      secrets,
      approvals,
      deviceCodes,
      liveness,
      appChains,
      upkeep,
      values,
      races,
      caching,
      refreshing,
      signOuts,
      sweeping,
      refusals,
      resources,
      schema,
    ])
      chapter(given)
  })
}
