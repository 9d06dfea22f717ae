import type { Say } from './words.ts'

/** Whose house the visitor is in: the directory that owns the host, or the platform itself. */
export interface Brand {
  name: string
  /** The path of its logo on this server; null: its monogram stands in. */
  logoUrl: string | null
  /** The path of the stylesheet with its colours; null: the neutral ones. */
  styleUrl: string | null
  /** The platform behind it, where the directory wants it named. */
  poweredBy: { name: string; url: string } | null
}

/** How a page looks for one visitor. */
export interface Look {
  brand: Brand
  /** A BCP 47 tag. */
  language: string
  direction: 'ltr' | 'rtl'
  say: Say
  /** Whether the server is reached by https, and browsers are told to stay with it (RFC 6797). */
  secure?: boolean
}

/** The look of the platform itself, where no directory owns the host. */
export function neutralBrand(name: string): Brand {
  return { name, logoUrl: null, styleUrl: null, poweredBy: null }
}
