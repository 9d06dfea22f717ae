/** Whether a text is the address of something on the web, rather than a name. */
export function isHttpUrl(text: string): boolean {
  return /^https?:\/\//i.test(text)
}
