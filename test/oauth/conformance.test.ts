import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'

const ROOT = resolve(import.meta.dirname, '../..')
const document = readFileSync(resolve(ROOT, 'docs/conformance.md'), 'utf8')

test('every row of docs/conformance.md names a test that exists', () => {
  const lines = [...document.matchAll(/^\|[^|]+\|[^|]+\| `([^`]+)` \| (.+) \|$/gm)]
  assert.ok(lines.length > 80, `${lines.length} lines were understood`)
  const rows = document.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| requirement'))
  assert.equal(lines.length, rows.length, 'every line was understood')
  for (const [, file, words] of lines) {
    const path = resolve(ROOT, 'test', file!)
    assert.ok(existsSync(path), `${file} is gone`)
    assert.ok(readFileSync(path, 'utf8').includes(words!), `${file} has no test "${words}"`)
  }
})
