import { refuse } from './refusals.ts'

/** Whether a text is short enough to be hashed. Without a limit, a guess could cost us more than it costs the attacker. */
export function mayBePassword(text: string): boolean {
  return text.length > 0 && [...text.slice(0, 1025)].length <= 256 && Buffer.byteLength(text) <= 1024
}

/** Refuses a new password that is too short or too long (NIST SP 800-63B §5.1.1.2). Any characters are allowed. */
export function checkPassword(password: string): void {
  if ([...password.slice(0, 20)].length < 8) refuse('password.too-short')
  if (!mayBePassword(password)) refuse('password.too-long')
}
