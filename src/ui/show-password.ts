import { readFileSync } from 'node:fs'
import { digest } from '../kit/digest.ts'

/** The script that adds a checkbox to show the password. */
export const showPasswordScript = readFileSync(new URL('./show-password-script.js', import.meta.url), 'utf8')

/** The path of that script. The name contains a digest, so it changes with the script. */
export const showPasswordUrl = `/assets/show-password-${digest(showPasswordScript).slice(0, 12)}.js`
