import type { Brand } from '../domain/businesses/brand.ts'
import type { Say } from './messages/messages.ts'

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
