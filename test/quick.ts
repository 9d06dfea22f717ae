import { globSync } from 'node:fs'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'

/**
 * The inner loop of development: the most likely failures, on SQLite, in one process. It needs no PostgreSQL and no browser, and answers in less
 * than half a minute. `npm test` runs everything.
 */
const FILES = [
  'test/house.test.ts',
  'test/{domain,http,kit,ui}/*.test.ts',
  'test/store/contract.test.ts',
  'test/oauth/{decide,code,client-authentication,introspection,revoke,refresh-tokens}.test.ts',
  'test/walks/founding-flow.test.ts',
]

process.env.TEST_QUICK = 'yes'
const files = FILES.flatMap((pattern) => globSync(pattern)).sort()
run({ files, isolation: 'none' })
  .on('test:fail', () => {
    process.exitCode = 1
  })
  .compose(spec)
  .pipe(process.stdout)
