import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openLog } from '../../src/kit/log.ts'

test('a text that a client chose can neither control the terminal that shows the log nor turn its lines around', () => {
  const lines: string[] = []
  const log = openLog('info', { write: (line) => void lines.push(line) })
  const chosen = 'a\u009b2Jb\u202ec\u2028d\u001b[31m\n{"level":"error"} Bäckerei'
  log.info({ refusal: JSON.stringify(chosen), err: new Error(chosen) }, chosen)
  assert.equal(lines.length, 1)
  assert.match(lines[0]!, /^[^\p{Cc}\p{Cf}\p{Zl}]+\n$/u)
  assert.equal(JSON.parse(lines[0]!).msg, 'a?2Jb?c?d\u001b[31m\n{"level":"error"} Bäckerei')
})
