import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { test } from 'node:test'

const SRC = resolve(import.meta.dirname, '../src')
const ROOMS = ['oauth', 'login', 'account', 'connected', 'portal', 'admin', 'platform', 'ops']
/** The floors from the roof down: a floor may import the ones below it, never one beside or above. */
const FLOORS = [
  ['behalf.ts', 'main.ts', 'cli', 'bin'],
  ['server.ts'],
  ['open-site.ts', 'site.ts', 'endpoint.ts', 'routes.ts'],
  ROOMS,
  ['ui'],
  ['domain'],
  ['store', 'http'],
  ['config'],
  ['kit'],
]

interface Import {
  from: string
  to: string
  isType: boolean
}

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
const imports: Import[] = files.flatMap((file) => {
  const text = readFileSync(join(SRC, file), 'utf8')
  const lines = text.matchAll(/^(?:import|export)\s+(type\s+)?[^'"]*?from\s+'(\.[^']+)'|import\('(\.[^']+)'\)/gm)
  return [...lines].map(([, type, still, lazy]) => ({
    from: file,
    to: relative(SRC, resolve(SRC, dirname(file), (still ?? lazy)!)),
    isType: type !== undefined,
  }))
})

const roomOf = (file: string) => file.split('/')[0]!
const floorOf = (file: string) => FLOORS.findIndex((floor) => floor.includes(roomOf(file)))

test('every file is on a known floor', () => {
  assert.deepEqual(
    files.filter((file) => floorOf(file) < 0),
    [],
  )
})

test('imports go down only, and rooms do not import each other', () => {
  const wrong = imports.filter(({ from, to, isType }) => {
    if (to.startsWith('..') || roomOf(from) === roomOf(to)) return false
    // A handler names the type of what it gets; the parts themselves are passed in.
    if ((to === 'site.ts' || to === 'endpoint.ts') && isType) return false
    if (roomOf(from) === 'cli' || from === 'main.ts' || from === 'behalf.ts') return floorOf(to) < floorOf(from)
    if (from === 'routes.ts') return !ROOMS.includes(roomOf(to)) && floorOf(to) <= floorOf(from)
    return floorOf(to) <= floorOf(from)
  })
  assert.deepEqual(
    wrong.map(({ from, to }) => `${from} → ${to}`),
    [],
  )
})

test('rules know nothing of HTTP', () => {
  const wrong = imports.filter(({ from, to }) => roomOf(from) === 'domain' && roomOf(to) === 'http')
  assert.deepEqual(
    wrong.map(({ from, to }) => `${from} → ${to}`),
    [],
  )
})

/** Calls the constructor of events, writes one out, or changes one. */
const MAKES_EVENTS = /\bnewEvent\b|store\.events\.add|\bresult: '(?:done|refused)'(?! \|)|\.\.\.event, \w+: '/

test('only the domain makes events, and a command writes through its verbs', () => {
  const text = (file: string) => readFileSync(join(SRC, file), 'utf8')
  const makers = files.filter((file) => roomOf(file) !== 'domain' && MAKES_EVENTS.test(text(file)))
  assert.deepEqual(makers, [])
  const write = /\bstore\.\w+\.(?!find|list|memberships)\w+\(/
  const writers = files.filter((file) => roomOf(file) === 'cli' && write.test(text(file)))
  assert.deepEqual(writers, [])
})

/** Acts that anyone may do, and why. */
const WITHOUT_REACH: Readonly<Record<string, string>> = {
  connectApp: 'its write requires a live staff membership of the person',
  denyRequest: 'the ticket and the browser prove who may answer; a visitor may deny without signing in',
  findLeftBusinesses: 'it changes nothing; changeApp, which calls it, has checked',
  note: 'it changes nothing',
  noteLater: 'it changes nothing',
  newEvent: 'it changes nothing',
}

test('every act checks how far its actor may reach', () => {
  const functions = files
    .filter((file) => roomOf(file) === 'domain')
    .flatMap((file) => readFileSync(join(SRC, file), 'utf8').split(/^(?=(?:export )?(?:async )?function )/m))
    .map((text) => ({ name: /function (\w+)/.exec(text)?.[1] ?? '', text, isExported: text.startsWith('export') }))
  const reaching = new Set<string>(['mayReach'])
  for (let known = 0; known < reaching.size; ) {
    known = reaching.size
    const calls = new RegExp(`by\\.directoryUid|\\b(${[...reaching].join('|')})\\((?:\\w+, )*by\\b`)
    for (const { name, text } of functions) if (calls.test(text)) reaching.add(name)
  }
  const acts = functions.filter(({ text, isExported }) => isExported && /\bby: Actor\b/.test(text))
  assert.deepEqual(
    acts
      .map(({ name }) => name)
      .filter((name) => !reaching.has(name))
      .sort(),
    Object.keys(WITHOUT_REACH).sort(),
  )
})

test('no file outside src/ is imported, except data that ships', () => {
  assert.deepEqual(
    imports.filter(({ to }) => to.startsWith('..')).map(({ from, to }) => `${from} → ${to}`),
    [],
  )
})

test('only store/engine/open.ts and SQL files import SQL files, and SQL is nowhere else', () => {
  const strangers = imports.filter(
    ({ from, to }) => to.startsWith('store/sql/') && from !== 'store/engine/open.ts' && !from.startsWith('store/sql/'),
  )
  assert.deepEqual(strangers, [])
  const sql = /\b(select\s.+\sfrom|insert into|update\s\w+\sset|delete from)\b/i
  const holders = files.filter((file) => !file.startsWith('store/') && sql.test(readFileSync(join(SRC, file), 'utf8')))
  assert.deepEqual(holders, [])
})

test('no two files import each other in a circle', () => {
  const graph = new Map<string, string[]>()
  for (const { from, to, isType } of imports) if (!isType) graph.set(from, [...(graph.get(from) ?? []), to])
  const circles: string[] = []
  const done = new Set<string>()
  const walk = (file: string, path: string[]) => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' → '))
    else if (!done.has(file)) for (const next of graph.get(file) ?? []) walk(next, [...path, file])
    done.add(file)
  }
  for (const file of graph.keys()) walk(file, [])
  assert.deepEqual(circles, [])
})

test('names are kebab-case and describe the content of a file', () => {
  const vague = /(^|\/|-)(utils?|helpers?|common|manager|service|base|misc)(-|\.|\/|$)/
  assert.deepEqual(
    files.filter((file) => vague.test(file) || !/^[a-z0-9/-]+\.ts$/.test(file)),
    [],
  )
})

/** Files without an export of their own name, and why. */
const WITHOUT_OWN_NAME: Readonly<Record<string, string>> = {
  'behalf.ts': 'what the package exports',
  'main.ts': 'the entry of the program',
  'routes.ts': 'the table of all endpoints',
  'cli/demo/demo-data.ts': 'a table of constants',
  'domain/apps/app-protocol.ts': 'a table of constants',
  'domain/apps/setting-kinds.ts': 'each kind of value is one function',
  'domain/tokens/claim-names.ts': 'a table of constants',
  'http/reply.ts': 'each kind of reply is one function',
  'login/brand-assets.ts': 'each asset is one endpoint',
  'oauth/authorize/request-checks.ts': 'the checks at each step of a request',
  'oauth/client/signed-assertion.ts': 'the two methods that sign',
  'ops/health.ts': 'alive and ready are two endpoints',
  'store/engine/postgres-faults.ts': 'each kind of fault is one function',
  'store/engine/sqlite-faults.ts': 'each kind of fault is one function',
  'store/sql/alive.ts': 'each noun has its own condition',
  'store/sql/columns.ts': 'each kind of column is one function',
  'store/sql/verbs.ts': 'each verb is one function',
}

test('a file has an export of its own name, after a verb or before a kind', () => {
  const plain = (name: string) => name.toLowerCase().replaceAll(/[-_]/g, '')
  const others = files.filter((file) => {
    // The exports of a command module are the verbs of its noun.
    if (/^cli\/[a-z]+\.ts$/.test(file)) return false
    const text = readFileSync(join(SRC, file), 'utf8')
    const names = text.matchAll(/^export (?:async )?(?:function|const|class|interface|type) \{? ?(\w+)/gm)
    const own = plain(file.split('/').at(-1)!.replace('.ts', '')).replace(/s$/, '')
    return ![...names].some(([, name]) => plain(name!).includes(own))
  })
  assert.deepEqual(others.sort(), Object.keys(WITHOUT_OWN_NAME).sort())
})

test('only named packages may run a script when they are installed, on every platform', () => {
  const read = (file: string) => JSON.parse(readFileSync(join(SRC, '..', file), 'utf8'))
  const packages = Object.entries(read('package-lock.json').packages as Record<string, { hasInstallScript?: boolean }>)
  const scripted = packages.filter(([, { hasInstallScript }]) => hasInstallScript)
  assert.deepEqual(
    Object.keys(read('package.json').allowScripts).sort(),
    scripted.map(([path]) => path.replace(/^.*node_modules\//, '')).sort(),
  )
})

/**
 * Files of the domain that may have names of the wire, and why. Tables of refusals may too, because a row names the parameter that is wrong.
 */
const WITH_WIRE_NAMES: Readonly<Record<string, string>> = {
  'apps/settings.ts': 'the table of settings has their names on each wire',
  'apps/column-settings.ts': 'the table of settings has their names on each wire',
  'apps/protocol-settings.ts': 'the table of settings has their names on each wire',
  'apps/listing.ts': 'these fields are stored and returned as they came',
  'apps/app-protocol.ts': 'the table of values that the protocol defines',
  'businesses/brand.ts': 'a theme is stored as partners send it',
  'businesses/directory-look.ts': 'a theme is stored as partners send it',
  'businesses/staff.ts': 'a profile is stored under the names of its claims',
  'people/profile.ts': 'a profile is stored under the names of its claims',
  'people/change-person.ts': 'a profile is stored under the names of its claims',
  'tokens/access-token.ts': 'it writes the claims of a token',
  'tokens/claim-names.ts': 'the table of the claims that the protocol defines, and of ours',
  'tokens/claims.ts': 'it writes claims, and reads the claims parameter, which is stored as it came',
  'tokens/id-token.ts': 'it writes the claims of a token',
  'tokens/scope-catalogue.ts': 'operators write the catalogue of scopes in this form',
  'tokens/scopes.ts': 'operators write the catalogue of scopes in this form',
}
/** Values that RFCs define. They are stored as they are, so the domain may compare them. */
const VALUES_OF_THE_PROTOCOL = [
  ...['access_token', 'authorization_code', 'client_credentials', 'refresh_token', 'form_post', 'select_account'],
  ...['client_secret_basic', 'client_secret_jwt', 'private_key_jwt'],
]
/** Names that the database or the audit gives, not the wire. */
const OWN_NAMES = ['code_name', 'code_replayed', 'refresh_token_replayed']

test('the domain knows no wire name', () => {
  const known = new Set([...VALUES_OF_THE_PROTOCOL, ...OWN_NAMES])
  const found = files
    .filter((file) => roomOf(file) === 'domain' && !file.endsWith('refusals.ts'))
    .filter((file) => !Object.hasOwn(WITH_WIRE_NAMES, file.slice('domain/'.length)))
    .flatMap((file) => {
      const code = readFileSync(join(SRC, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
      const names = code.matchAll(/'([a-z]+(?:_[a-z\d]+)+)'|\.([a-z]+(?:_[a-z\d]+)+)\b|\b([a-z]+(?:_[a-z\d]+)+)\??:/g)
      return [...names].map(([, text, member, key]) => ({ file, name: (text ?? member ?? key)! }))
    })
  assert.deepEqual(
    found.filter(({ name }) => !known.has(name)),
    [],
  )
})

test('every file that may have wire names still has one', () => {
  const stale = Object.keys(WITH_WIRE_NAMES).filter((file) => {
    const text = files.includes(`domain/${file}`) ? readFileSync(join(SRC, 'domain', file), 'utf8') : ''
    return !/[a-z]_[a-z]/.test(text)
  })
  assert.deepEqual(stale, [])
})

test('a docstring stands on its own, and a constant that is a quantity names its unit', () => {
  const faults = files.flatMap((file) => {
    const text = readFileSync(join(SRC, file), 'utf8')
    const quantities = [...text.matchAll(/^(?:export )?const ([A-Z][A-Z_\d]*) = [\d_]+(?: \* [\d_]+)*$/gm)].map(
      ([, name]) => name!,
    )
    const unit = /^(MAX|MIN)_|_(MS|SECONDS|BYTES|BITS|DIGITS|PIXELS|LENGTH|CHARACTERS|ROWS|DAYS|LIFETIME|COUNT|SIZE)$/
    return [
      ...(/\/\*\*\s+(\* )?The same\b/.test(text) ? [`${file}: a docstring begins with "The same"`] : []),
      ...quantities.filter((name) => !unit.test(name)).map((name) => `${file}: ${name} has no unit`),
    ]
  })
  assert.deepEqual(faults, [])
})
