import { html } from 'hono/html'

const TILE_COUNT = 6

/**
 * A tile with the first letter of a name, shown where there is no logo. The colour is derived from the name, so that it never changes.
 * The name is always beside the tile, so the tile is hidden from screen readers.
 */
export function monogram(name: string, kind: 'brand' | 'app') {
  const words = name.match(/[\p{L}\p{N}]+/gu) ?? []
  const first = [...(words[0] ?? '•')][0]!.toUpperCase()
  const sum = [...name].reduce((total, letter) => total + letter.codePointAt(0)!, 0)
  const tile = kind === 'app' ? ` tile-${sum % TILE_COUNT}` : ''
  return html`<span class="monogram monogram-${kind}${tile}" aria-hidden="true">${first}</span>`
}
