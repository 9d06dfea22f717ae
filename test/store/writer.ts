import { writeSync } from 'node:fs'
import { APP_COLUMNS } from '../../src/domain/apps/column-settings.ts'
import { openStore } from '../../src/store/engine/open.ts'
import { issue, makePlace, NOW } from './things.ts'

// A server that issues tokens as fast as it can and reports each one only after the store has answered. Tests run it as a process of
// its own: `writer.ts URL COUNT`.
const [url, count] = process.argv.slice(2)
const store = await openStore({ url: url!, pool: 6, timeout: 5 }, NOW, true, APP_COLUMNS)
const place = await makePlace(store)
let left = Number(count)
const lane = async () => {
  while (left-- > 0) writeSync(1, `${(await issue(store, place)).token}\n`)
}
await Promise.all(Array.from({ length: 8 }, lane))
await store.close()
