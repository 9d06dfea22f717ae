import { readFileSync } from 'node:fs'
import { brandSheet } from '../domain/businesses/brand-sheet.ts'
import { digest } from '../kit/digest.ts'

/** The primary colour of pages that belong to no directory. */
const NEUTRAL = '#1d5b4f'

/** The stylesheet of every page. */
export const sheet = brandSheet({ primary: NEUTRAL })! + readFileSync(new URL('./style.css', import.meta.url), 'utf8')

/** The path of the stylesheet. The name contains a digest, so it changes with the stylesheet. */
export const styleUrl = `/assets/style-${digest(sheet).slice(0, 12)}.css`
