import { contrast, type Hex, luminance, mix, reach, readColour } from '../../kit/colour.ts'

/** The colours that a directory chose. Other values are ignored. */
export interface BrandColours {
  primary?: unknown
  secondary?: unknown
  text?: unknown
}

/** The colours of cards and pages, light and dark. The page gets a tint of the directory's colour. */
const GROUNDS = {
  light: { page: '#f5f4f1', card: '#ffffff', away: 'darker' },
  dark: { page: '#121417', card: '#1c1f24', away: 'lighter' },
} as const

/**
 * Returns the CSS custom properties for the colours of a directory; undefined without a usable primary colour. Everything stays readable on
 * light and dark backgrounds: a contrast of 4.5 for text and 3 for the shapes of controls (WCAG 2.2, 1.4.3 and 1.4.11).
 */
export function brandSheet(colours: BrandColours): string | undefined {
  const primary = readColour(colours.primary)
  if (!primary) return undefined
  const secondary = readColour(colours.secondary) ?? primary
  const text = readColour(colours.text)
  const light = declarations(properties('light', primary, secondary, text))
  const dark = declarations(properties('dark', primary, secondary, text))
  return `:root {\n${light}}\n@media (prefers-color-scheme: dark) {\n:root {\n${dark}}\n}\n`
}

function properties(scheme: 'light' | 'dark', primary: Hex, secondary: Hex, text: Hex | undefined) {
  const { page, card, away } = GROUNDS[scheme]
  // On a light background the colour keeps its value and gets an edge. On a dark background a dark colour is made lighter.
  const fill = scheme === 'light' ? primary : reach(primary, away, card, 3)
  const onFill = textOn(fill, text)
  const isTextLight = luminance(onFill) > luminance(fill)
  return {
    '--card': card,
    '--page': mix(page, primary, 0.045),
    '--fill': fill,
    '--fill-hover': mix(fill, isTextLight ? '#000000' : '#ffffff', 0.14),
    '--fill-edge': reach(fill, away, card, 3),
    '--on-fill': onFill,
    '--accent': reach(primary, away, card, 4.6),
    '--tint': mix(card, primary, scheme === 'light' ? 0.07 : 0.14),
    '--band-from': primary,
    '--band-to': secondary,
  }
}

/** Returns the directory's text colour if it is readable on the fill, else white, else black. */
function textOn(fill: Hex, text: Hex | undefined): Hex {
  const candidates = [...(text ? [text] : []), '#ffffff', '#101114']
  return candidates.find((each) => contrast(each, fill) >= 4.5) ?? '#000000'
}

function declarations(properties: Record<string, Hex>): string {
  return Object.entries(properties)
    .map(([name, value]) => `  ${name}: ${value};\n`)
    .join('')
}
