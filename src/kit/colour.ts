/** A colour as six lower-case hex digits behind a #. */
export type Hex = string

/** Parses `#rgb` or `#rrggbb`. Nothing else may get into a stylesheet. */
export function readColour(text: unknown): Hex | undefined {
  const digits = typeof text === 'string' ? /^#([\da-f]{3}|[\da-f]{6})$/i.exec(text.trim())?.[1] : undefined
  if (digits === undefined) return undefined
  const six = digits.length === 6 ? digits : [...digits].map((digit) => digit + digit).join('')
  return `#${six.toLowerCase()}`
}

/** Returns the contrast of two colours, from 1 to 21 (WCAG 2.2, "contrast ratio"). */
export function contrast(one: Hex, other: Hex): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

/** Returns the relative luminance of a colour, from 0 to 1 (WCAG 2.2). */
export function luminance(colour: Hex): number {
  const [red, green, blue] = channels(colour).map((channel) => {
    const share = channel / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** Mixes a share (0 to 1) of another colour into a colour. */
export function mix(colour: Hex, other: Hex, share: number): Hex {
  const into = channels(other)
  return hex(channels(colour).map((channel, index) => channel + (into[index]! - channel) * share))
}

/** Returns the colour if its contrast with `against` is at least `ratio`, else the nearest lighter or darker shade of its hue that has it. */
export function reach(colour: Hex, toward: 'lighter' | 'darker', against: Hex, ratio: number): Hex {
  if (contrast(colour, against) >= ratio) return colour
  const { hue, saturation, lightness } = readHsl(colour)
  const step = toward === 'lighter' ? 0.01 : -0.01
  for (let tried = lightness + step; tried > 0 && tried < 1; tried += step) {
    const shade = hsl(hue, saturation, tried)
    if (contrast(shade, against) >= ratio) return shade
  }
  return toward === 'lighter' ? '#ffffff' : '#000000'
}

/** Hue in sixths of the circle, saturation and lightness from 0 to 1 (CSS Color 4 §7). */
function readHsl(colour: Hex) {
  const [red, green, blue] = channels(colour).map((channel) => channel / 255) as [number, number, number]
  const most = Math.max(red, green, blue)
  const span = most - Math.min(red, green, blue)
  const lightness = most - span / 2
  if (span === 0) return { hue: 0, saturation: 0, lightness }
  const hue = most === red ? (green - blue) / span : most === green ? (blue - red) / span + 2 : (red - green) / span + 4
  return { hue: (hue + 6) % 6, saturation: span / (1 - Math.abs(2 * lightness - 1)), lightness }
}

function hsl(hue: number, saturation: number, lightness: number): Hex {
  const reachOf = saturation * Math.min(lightness, 1 - lightness)
  const channel = (turn: number) => {
    const place = (turn + hue * 2) % 12
    return lightness - reachOf * Math.max(-1, Math.min(place - 3, 9 - place, 1))
  }
  return hex([channel(0), channel(8), channel(4)].map((share) => share * 255))
}

function hex(parts: readonly number[]): Hex {
  return `#${parts.map((channel) => Math.round(channel).toString(16).padStart(2, '0')).join('')}`
}

function channels(colour: Hex): number[] {
  return [1, 3, 5].map((start) => Number.parseInt(colour.slice(start, start + 2), 16))
}
