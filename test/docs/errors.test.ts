import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { errorsPage, REFUSALS } from '../../scripts/docs/errors-page.ts'

const SRC = resolve(import.meta.dirname, '../../src')
const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
const sources = new Map(files.map((file) => [file, readFileSync(join(SRC, file), 'utf8')]))
const keys = REFUSALS.flatMap(([, rows]) => Object.keys(rows))

test('docs/errors.md contains what the tables of refusals say', () => {
  const page = readFileSync(join(SRC, '../docs/errors.md'), 'utf8')
  assert.ok(page === errorsPage(), 'docs/errors.md is stale: run `npm run docs`')
})

test('a key names one refusal, by its subject and what is wrong with it', () => {
  assert.deepEqual(
    keys.filter((key, at) => keys.indexOf(key) !== at),
    [],
  )
  assert.deepEqual(
    keys.filter((key) => !/^[a-z]+(-[a-z0-9]+)*\.[a-z0-9]+(-[a-z0-9]+)*$/.test(key)),
    [],
  )
})

test('every refusal is made from a row of a table that this page includes', () => {
  const made = [...sources].filter(([file, text]) => file !== 'kit/refusal.ts' && /new Refusal\(/.test(text))
  assert.deepEqual(made, [])
  const tables = [...sources.values()].flatMap((text) => [...text.matchAll(/export const (\w+Refusals)\b/g)])
  const page = readFileSync(new URL('../../scripts/docs/errors-page.ts', import.meta.url), 'utf8')
  assert.deepEqual(
    tables.map(([, name]) => name!).filter((name) => !page.includes(`${name}.rows`)),
    [],
  )
})

test('every row is used', () => {
  const code = [...sources.values()].join('\n').replaceAll(/^ {2,}'[a-z0-9.-]+':/gm, '')
  const isUsed = (key: string) => code.includes(`'${key}'`)
  // Keys of these subjects are built from the name of the limit or of the dead end.
  assert.deepEqual(
    keys.filter((key) => !/^(too-many|ticket)\./.test(key) && !isUsed(key)),
    [],
  )
})
