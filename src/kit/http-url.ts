/** Whether a text begins like an http or https URL. */
export function isHttpUrl(text: string): boolean {
  return /^https?:\/\//i.test(text)
}
