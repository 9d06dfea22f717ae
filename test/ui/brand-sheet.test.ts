import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { brandSheet } from '../../src/domain/businesses/brand-sheet.ts'
import { contrast, readColour } from '../../src/kit/colour.ts'

type Properties = Record<string, string>
const SCHEMES = ['light', 'dark'] as const

/** The custom properties of a stylesheet, for light and dark. */
function read(sheet: string): Record<(typeof SCHEMES)[number], Properties> {
  const [light = '', dark = ''] = sheet.split('@media (prefers-color-scheme: dark)')
  const properties = (text: string) =>
    Object.fromEntries(
      [...text.matchAll(/(--[\w-]+): (#[\da-f]{6});/g)].map(([, name, value]) => [name, value]),
    ) as Properties
  return { light: properties(light.split(/\n}/)[0]!), dark: { ...properties(dark.split(/\n\s*}/)[0]!) } }
}

const own = read(readFileSync(new URL('../../src/ui/style.css', import.meta.url), 'utf8'))

/** Every colour of a coarse grid, with the extremes. */
function* colours(): Generator<string> {
  const steps = ['00', '33', '66', '99', 'cc', 'ff']
  for (const red of steps) for (const green of steps) for (const blue of steps) yield `#${red}${green}${blue}`
  yield* ['#777777', '#767676', '#7f7f7f', '#1c1f24', '#fefefe', '#010101', '#1d5b4f']
}

test('with every brand colour, text has a contrast of 4.5 and controls of 3, in light and dark', () => {
  for (const primary of colours()) {
    for (const text of [undefined, '#ffffff', '#333333', primary]) {
      const sheet = read(brandSheet({ primary, text })!)
      for (const scheme of SCHEMES) {
        const at = (name: string) => sheet[scheme][`--${name}`] ?? own[scheme][`--${name}`]!
        const reaches = (one: string, other: string, ratio: number) => {
          const found = contrast(at(one), at(other))
          assert.ok(found >= ratio, `${primary} ${scheme}: ${one} ${at(one)} on ${other} ${at(other)} is ${found}`)
        }
        reaches('on-fill', 'fill', 4.5)
        reaches('on-fill', 'fill-hover', 4.5)
        reaches('accent', 'card', 4.5)
        reaches('fill-edge', 'card', 3)
        reaches('accent', 'page', 3)
        reaches('accent', 'tint', 3)
        for (const ground of ['page', 'card', 'tint']) {
          reaches('ink', ground, 7)
          reaches('muted', ground, 4.5)
        }
        reaches('edge', 'card', 3)
      }
    }
  }
})

test('the default colours have the same contrast', () => {
  const pairs: [string, string][] = [
    ['problem', 'problem-ground'],
    ['note', 'note-ground'],
  ]
  for (const scheme of SCHEMES) {
    for (const [one, other] of pairs) {
      const found = contrast(own[scheme][`--${one}`]!, own[scheme][`--${other}`]!)
      assert.ok(found >= 4.5, `${scheme}: ${one} on ${other} is ${found}`)
    }
  }
  const css = readFileSync(new URL('../../src/ui/style.css', import.meta.url), 'utf8')
  const tiles = [...css.matchAll(/\.tile-(\d) \{\s*background: (#\w{6});\s*color: (#\w{6});/g)]
  assert.equal(tiles.length, 12)
  for (const [, tile, ground, ink] of tiles) assert.ok(contrast(ink!, ground!) >= 4.5, `tile ${tile}: ${ground}`)
})

test('a usable colour stays unchanged', () => {
  const { light } = read(brandSheet({ primary: '#0B6E4F', secondary: '#d9a441', text: '#fff' })!)
  assert.equal(light['--fill'], '#0b6e4f')
  assert.equal(light['--on-fill'], '#ffffff')
  assert.equal(light['--accent'], '#0b6e4f')
  assert.equal(light['--band-to'], '#d9a441')
})

test('a stylesheet contains only valid colours', () => {
  const no = [
    '',
    'red',
    '#12',
    '#12345',
    '#1234567',
    'rgb(0 0 0)',
    '#fff;} body{display:none',
    'url(//evil)',
    5,
    null,
    {},
  ]
  for (const primary of no) assert.equal(brandSheet({ primary }), undefined, String(primary))
  const sheet = brandSheet({ primary: ' #ABC ', secondary: '#fff}</style>', text: 'expression(1)' })!
  assert.match(sheet, /^[\s\w{}:;#@()-]+$/)
  assert.equal(read(sheet).light['--band-to'], '#aabbcc')
  assert.equal(readColour('#AbCdEf'), '#abcdef')
})
