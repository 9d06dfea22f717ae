import { readFileSync } from 'node:fs'
import { digest } from '../kit/digest.ts'

/** The script that submits a page's form by itself. */
export const script = readFileSync(new URL('./send-on-script.js', import.meta.url), 'utf8')

/** The path of the script that submits a page's form. The name contains a digest, so it changes with the script. */
export const sendOnUrl = `/assets/send-on-${digest(script).slice(0, 12)}.js`
