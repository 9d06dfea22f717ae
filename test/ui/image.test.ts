import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readImage } from '../../src/kit/image.ts'

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')
const SVG = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h9v9"/></svg>'
const data = (type: string, bytes: Buffer | string) => `data:${type};base64,${Buffer.from(bytes).toString('base64')}`

test('images of the five types are read, as base64 and URL-encoded', () => {
  const cases: [string, string][] = [
    [data('image/png', PNG), 'image/png'],
    [data('image/jpeg', Buffer.from('ffd8ffe000104a464946', 'hex')), 'image/jpeg'],
    [data('image/gif', 'GIF89a…'), 'image/gif'],
    [data('image/webp', 'RIFF\n\0\0\0WEBPVP8 '), 'image/webp'],
    [data('image/svg+xml', SVG), 'image/svg+xml; charset=utf-8'],
    [data('IMAGE/SVG+XML;charset=utf-8', `<?xml version="1.0"?>${SVG}`), 'image/svg+xml; charset=utf-8'],
    [`data:image/svg+xml,${encodeURIComponent(SVG)}`, 'image/svg+xml; charset=utf-8'],
  ]
  for (const [url, type] of cases) assert.equal(readImage(url)?.type, type, url.slice(0, 60))
  assert.deepEqual(Buffer.from(readImage(data('image/png', PNG))!.bytes), PNG)
})

test('anything else is no image', () => {
  const no = [
    'https://cdn.example/logo.png',
    'javascript:alert(1)',
    data('text/html', '<h1>hello</h1>'),
    data('image/png', '<svg></svg>'),
    data('image/svg+xml', PNG),
    data('image/svg+xml', '<html><script>alert(1)</script></html>'),
    data('image/svg+xml', '<svgfoo>'),
    data('image/bmp', 'BM'),
    data('image/png', Buffer.concat([PNG, Buffer.alloc(600 * 1024)])),
    'data:image/svg+xml,%FF%FE',
    'data:image/svg+xml,%',
    'data:image/png;base64',
    'data:image/png',
    '',
    null,
    undefined,
    7,
    {},
  ]
  for (const url of no) assert.equal(readImage(url), undefined, String(url).slice(0, 60))
})
