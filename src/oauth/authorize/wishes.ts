import { ONE_FACTOR, TWO_FACTOR } from '../../domain/people/acr.ts'

/** Every page of ours fits each of them (OpenID Connect Core §3.1.2.1). */
export const DISPLAYS: readonly string[] = ['page', 'popup', 'touch', 'wap']

/** How the app would have the pages shown; a wish, so that one we do not know is no error. */
export function readDisplay(text: string | null): string | null {
  return text !== null && DISPLAYS.includes(text) ? text : null
}

/** How firmly the app would have people prove who they are, the best first; values that we do not know are dropped. */
export function readAcrValues(text: string | null): readonly string[] {
  return (text ?? '').split(' ').filter((each) => each === ONE_FACTOR || each === TWO_FACTOR)
}
