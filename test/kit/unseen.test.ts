import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readName } from '../../src/domain/businesses/name.ts'
import { plainName } from '../../src/kit/plain-name.ts'
import { withoutUnseen } from '../../src/kit/unseen.ts'

// Persian "house owner", Hindi "kṣa" unjoined, Sinhala "śrī" joined, and emoji that consist of several characters.
const NEEDED = ['خانه\u200Cدار', 'क्\u200Cष', 'ක්\u200Dෂ', '👩\u200D🚀 Space', '🏳️\u200D🌈', '🧑🏽\u200D🤝\u200D🧑🏻']

const UNSEEN = [
  ...['\u3164', '\u200D', '\u200C', '\u200E', '\u200F', '\u2800', '\u115F', '\u1160', '\uFFA0', '\u061C', '\u180E'],
  ...['\u00AD', '\u034F', '\u17B4', '\u17B5', '\u200B', '\u2060', '\uFEFF', '\u2028', '\u202E', '\u2066', '\u{E0041}'],
]

test('invisible characters are no name, and no part of one', () => {
  for (const letter of UNSEEN) {
    const shown = `U+${letter.codePointAt(0)!.toString(16)}`
    for (const name of [letter, ` ${letter}${letter}`]) {
      assert.throws(() => readName(name, 'name'), { status: 422, field: 'name', message: /visible character/ }, shown)
    }
    for (const name of [`Led${letter}ger`, `Ledger${letter}.`, `${letter}Ledger`, `خ${letter}🚀`]) {
      if (name.normalize('NFC').trim() === name) assert.throws(() => readName(name, 'name'), /invisible/, shown)
      assert.ok(!plainName(name).includes(letter), shown)
    }
    assert.equal(withoutUnseen(`a${letter}b`, '?'), 'a?b', shown)
  }
})

test('a joiner is kept where a script or an emoji needs it, in the stored and the shown name, and nowhere else', () => {
  for (const name of NEEDED) {
    assert.equal(readName(name, 'name'), name)
    assert.equal(plainName(name), name)
  }
  for (const name of ['خانه\u200C', '\u200Cخانه', 'خانه\u200C\u200Cدار', 'خانه\u200Ddar', '🚀\u200D', 'Pay\u200Cpal']) {
    assert.throws(() => readName(name, 'name'), /invisible/, JSON.stringify(name))
    assert.doesNotMatch(plainName(name), /[\u200C\u200D]/)
  }
})

test('a long text of invisible characters is read quickly', () => {
  for (const piece of ['\u200D', 'خ\u0651\u200C', '\u0651', '🚀\u200D', 'क्\u200C']) {
    const began = performance.now()
    withoutUnseen(piece.repeat(20_000))
    assert.ok(performance.now() - began < 500, JSON.stringify(piece))
  }
})
