import assert from 'node:assert/strict'
import { test } from 'node:test'
import { uriKey } from '../../src/kit/uri-key.ts'

test('spellings of one http URI have one key (RFC 3986 §6.2.2.1, §6.2.3)', () => {
  const same = [
    'https://a.example',
    'https://a.example/',
    'https://a.example:443',
    'https://a.example:443/',
    'https://a.example:/',
  ]
  for (const each of [...same, 'HTTPS://A.example/']) assert.equal(uriKey(each), 'https://a.example', each)
  assert.equal(uriKey('http://[::1]:80/'), uriKey('http://[::1]'))
  assert.equal(uriKey('https://a.example/?b'), uriKey('https://a.example?b'))
})

test('URIs that a server may tell apart have different keys', () => {
  const different = [
    ...[
      'https://a.example',
      'http://a.example',
      'https://a.example:80',
      'http://a.example:443',
      'https://a.example:4430',
    ],
    ...[
      'https://a.example//',
      'https://a.example/.',
      'https://a.example/b',
      'https://a.example/b/',
      'https://a.example/B',
    ],
    ...[
      'https://a.example?b',
      'https://a.example?B',
      'https://a.example/%2F',
      'https://a.example.',
      'https://b.example',
    ],
    ...[
      'https://b:443@a.example',
      'https:a.example',
      'https:/a.example',
      'urn:example:a',
      'urn:example:a/',
      'URN:example:a',
    ],
  ]
  const keys = different.map(uriKey)
  assert.deepEqual([...new Set(keys)], keys)
  for (const other of ['urn:example:a/', 'https:///', '', 'x']) assert.equal(uriKey(other), other)
})
