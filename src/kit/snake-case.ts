/** Converts our name (`tokenLifetime`) to the one of most surfaces (`token_lifetime`). */
export function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
